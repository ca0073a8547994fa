package dev.podpath.testkit.fault;

import dev.podpath.testkit.arbitrary.Scene;
import dev.podpath.testkit.reference.IptablesWriter;
import dev.podpath.testkit.reference.IpvsWriter;
import dev.podpath.testkit.reference.NodeWriter;
import io.vavr.collection.HashSet;
import io.vavr.collection.Map;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/**
 * What kube-proxy wrote in another mode and did not clean up. Where packets go does not change by what is captured of it; a
 * plugin says that it is there.
 */
final class ModeLeftovers implements Fault {
    private final String name;
    private final String description;
    private final NodeWriter writer;
    private final String sign;
    private final Vector<String> files;

    private ModeLeftovers(String name, String description, NodeWriter writer, String sign, String... files) {
        this.name = name;
        this.description = description;
        this.writer = writer;
        this.sign = sign;
        this.files = Vector.of(files);
    }

    /** Those of iptables mode and of IPVS mode. */
    static Vector<Fault> all() {
        return Vector.of(
                new ModeLeftovers(
                        "leftover-iptables-chains",
                        "kube-proxy ran in iptables mode before, and nobody ran it with --cleanup",
                        new IptablesWriter(),
                        ":KUBE-SVC-",
                        "iptables-save.txt",
                        "ip6tables-save.txt"),
                new ModeLeftovers(
                        "leftover-virtual-servers",
                        "kube-proxy ran in IPVS mode before, and nobody ran it with --cleanup",
                        new IpvsWriter(),
                        "-A ",
                        "ipvsadm-save.txt"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Option<Injection> inject(Scene scene, Map<String, String> documents, long seed) {
        Map<String, String> before = writer.documents(scene.cluster(), scene.node(), scene.config());
        Vector<String> left = files.filter(file -> before.get(file).exists(text -> text.contains(sign)));
        return left.headOption()
                .map(first -> new Injection(
                        name,
                        first,
                        1,
                        "what another mode wrote is still there",
                        Option.none(),
                        Option.none(),
                        HashSet.empty(),
                        left.foldLeft(documents, (all, file) -> all.put(file, before.getOrElse(file, "")))));
    }
}
