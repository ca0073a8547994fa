package dev.podpath.aliyun.security;

import dev.podpath.aliyun.ecs.Ecs;
import dev.podpath.aliyun.ecs.Gate;
import dev.podpath.aliyun.ecs.NetworkInterface;
import dev.podpath.aliyun.response.Api;
import dev.podpath.aliyun.response.Responses;
import dev.podpath.core.finding.Finding;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.IpPrefix;
import dev.podpath.core.resolve.HopDraft;
import dev.podpath.core.resolve.Resolution;
import dev.podpath.core.trace.Decision;
import dev.podpath.core.trace.Disposition;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

/** Whether the security groups and the network ACL of a network interface let a connection pass. */
public final class Firewall implements Gate {
    static final FindingCode DROPPED = new FindingCode(
            "PP-LB-020",
            Severity.ERROR,
            "A security group does not let the connection pass",
            "The rules of all security groups of the interface are taken together: the lowest priority number comes first, "
                    + "and at the same priority a drop comes before an accept. A layer 4 listener keeps the client's address, "
                    + "so that rules must accept clients, not the load balancer.",
            "Accept the client's addresses on this port with a lower priority number, or remove the rule that drops them.");
    static final FindingCode ACL_DROPPED = new FindingCode(
            "PP-LB-108",
            Severity.ERROR,
            "A network ACL does not let the connection pass",
            "The network ACL of the vSwitch drops the packet or its answer. It is stateless: answers, which go to an "
                    + "ephemeral port of the other side, need an entry of their own.",
            "Add an entry for the direction that is dropped.");

    /** The cloud's own network: load balancers' health checks and connections of their own come from it. */
    private static final IpPrefix CLOUD = IpPrefix.of("100.64.0.0/10");

    private final Responses responses;
    private final Ecs ecs;
    private final SecurityGroups groups;
    private final NetworkAcls acls;

    /** With the captured groups and ACLs. */
    public Firewall(Responses responses, Ecs ecs) {
        this.responses = responses;
        this.ecs = ecs;
        this.groups = new SecurityGroups(responses);
        this.acls = new NetworkAcls(responses);
    }

    /** Its diagnoses. */
    public static Vector<FindingCode> findings() {
        return Vector.of(DROPPED, ACL_DROPPED);
    }

    @Override
    public Option<Resolution> arriving(
            Option<NetworkInterface> eni, String instance, NetworkAddress at, HopDraft notes) {
        return check(
                eni,
                Option.some(instance),
                new Traffic(
                        true,
                        at.flow().protocol(),
                        at.address().address(),
                        at.flow().source(),
                        at.address().port()),
                notes);
    }

    /**
     * Checks a connection.
     *
     * @param eni the interface it comes to or leaves by, where that is known
     * @param instance the instance it is attached to, whose groups count where the interface was not captured
     * @param traffic the connection
     * @param notes what is noted
     * @return how the path ends; empty where it goes on
     */
    public Option<Resolution> check(
            Option<NetworkInterface> eni, Option<String> instance, Traffic traffic, HopDraft notes) {
        if (traffic.peer().exists(CLOUD::contains)) {
            notes.add(Decision.skipped("security groups and network ACLs do not look at the cloud's own " + CLOUD));
            return Option.none();
        }
        return bySecurityGroups(eni, instance, traffic, notes).orElse(() -> byAcl(eni, instance, traffic, notes));
    }

    private Option<Resolution> bySecurityGroups(
            Option<NetworkInterface> eni, Option<String> instance, Traffic traffic, HopDraft notes) {
        Vector<String> ids = eni.map(one -> one.json().texts("SecurityGroupIds", "SecurityGroupId"))
                .filter(found -> !found.isEmpty())
                .orElse(() -> instance.flatMap(ecs::instance)
                        .map(one -> one.json().texts("SecurityGroupIds", "SecurityGroupId")))
                .getOrElse(Vector.empty());
        if (ids.isEmpty()) {
            notes.assume("the security groups let " + traffic + " pass: which they are was not captured ("
                    + responses.missing(Api.NETWORK_INTERFACES).capture() + ")");
            return Option.none();
        }
        return byGroups(ids, traffic, notes);
    }

    /**
     * Checks a connection with these groups, all of one thing.
     *
     * @return how the path ends; empty where it goes on
     */
    public Option<Resolution> byGroups(Vector<String> ids, Traffic traffic, HopDraft notes) {
        Option<String> absent = ids.find(id -> groups.group(id).isEmpty());
        if (absent.isDefined()) {
            String id = absent.get();
            notes.assume("the security groups let " + traffic + " pass: " + id + " was not captured ("
                    + responses
                            .missing(Api.SECURITY_GROUP, Option.none(), id, "--SecurityGroupId " + id)
                            .capture()
                    + ")");
            return Option.none();
        }
        return rule(groups.check(ids.flatMap(groups::group), traffic), "security groups", DROPPED, traffic, notes);
    }

    private Option<Resolution> byAcl(
            Option<NetworkInterface> eni, Option<String> instance, Traffic traffic, HopDraft notes) {
        Option<String> vSwitch = eni.flatMap(NetworkInterface::vSwitch)
                .orElse(() -> instance.flatMap(ecs::instance).flatMap(one -> one.vSwitch()));
        Option<String> acl = vSwitch.flatMap(acls::of);
        if (acl.isEmpty() || traffic.peer().exists(peer -> isWithin(peer, vSwitch))) {
            return Option.none();
        }
        Option<Ruling> ruling = acls.check(acl.get(), traffic);
        if (ruling.isEmpty()) {
            notes.assume("network ACL " + acl.get() + " lets " + traffic + " pass: it was not captured ("
                    + responses
                            .missing(Api.NETWORK_ACL, Option.none(), acl.get(), "--NetworkAclId " + acl.get())
                            .capture()
                    + ")");
            return Option.none();
        }
        return rule(ruling.get(), "network ACL", ACL_DROPPED, traffic, notes);
    }

    private boolean isWithin(IpAddress peer, Option<String> vSwitch) {
        return ecs.interfacesAt(peer, Option.none())
                .exists(other -> other.vSwitch().isDefined() && other.vSwitch().equals(vSwitch));
    }

    private static Option<Resolution> rule(
            Ruling ruling, String what, FindingCode code, Traffic traffic, HopDraft notes) {
        if (ruling.passes() == Match.YES) {
            notes.add(Decision.allowed(traffic + " is " + ruling.text()).with(ruling.evidence()));
            return Option.none();
        }
        if (ruling.passes() == Match.NO) {
            String text = traffic + ": " + ruling.text();
            notes.add(new Finding(code, code.severity(), text, ruling.evidence()));
            return Option.some(
                    notes.ends(Disposition.DROPPED, Decision.denied(text).with(ruling.evidence())));
        }
        if (traffic.peer().isEmpty()) {
            notes.assume("the address that is not known is one that the " + what + " let in: " + ruling.text());
            return Option.none();
        }
        return Option.some(
                notes.unknown(Decision.unknown(traffic + ": " + ruling.text()).with(ruling.evidence())));
    }
}
