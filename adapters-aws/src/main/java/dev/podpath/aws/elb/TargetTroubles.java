package dev.podpath.aws.elb;

import dev.podpath.core.cluster.Service;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.trace.Decision;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** What the health of targets tells beside what the cluster says of the nodes and pods they are. */
final class TargetTroubles {
    private final Bindings bindings;
    private final TargetGroup group;
    private final HopDraft draft;

    TargetTroubles(Bindings bindings, TargetGroup group, HopDraft draft) {
        this.bindings = bindings;
        this.group = group;
        this.draft = draft;
    }

    void look(Vector<Target> targets) {
        for (Target target : targets) {
            if (target.state().equals("unhealthy")) {
                ofNode(target);
            } else if (target.state().contains("draining") && bindings.isGone(group, target)) {
                draft.add(Finding.of(
                        ElbFindings.GONE_BEFORE,
                        target.title() + ", and no pod has the address " + target.id() + " any more",
                        target.evidence(true)));
            }
        }
    }

    /** A node is unhealthy on purpose where it has no ready pod of a service with externalTrafficPolicy Local. */
    private void ofNode(Target target) {
        Option<Service> service = bindings.localService(group, target);
        Option<Boolean> ready = service.flatMap(known -> bindings.hasReadyPod(known, target));
        if (ready.contains(false)) {
            draft.add(Decision.skipped(
                    target.id() + " is unhealthy as it should be: the node has no ready pod of service "
                            + service.get().key() + ", whose externalTrafficPolicy is Local",
                    service.get().evidence()));
        } else if (ready.contains(true)) {
            draft.add(Finding.of(
                    ElbFindings.LOCAL_HEALTH,
                    target.title() + ", and the node has a ready pod of service "
                            + service.get().key()
                            + service.get()
                                    .healthCheckNodePort()
                                    .map(port -> ", whose healthCheckNodePort is " + port)
                                    .getOrElse(""),
                    target.evidence(true),
                    service.get().evidence()));
        }
    }
}
