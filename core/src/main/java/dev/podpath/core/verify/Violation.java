package dev.podpath.core.verify;

import dev.podpath.core.DomainStyle;
import dev.podpath.core.cluster.ServiceKey;
import dev.podpath.core.finding.FindingCode;
import dev.podpath.core.finding.Severity;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.proxy.RuleStep;
import dev.podpath.core.trace.Evidence;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Comparator;
import org.immutables.value.Value;

/** Something a node does otherwise than intended, with a packet that shows it. */
@Value.Immutable
@DomainStyle
public interface Violation extends Comparable<Violation> {
    /** What kind of fault it is. */
    FindingCode code();

    /** How bad it is here. */
    @Value.Default
    default Severity severity() {
        return code().severity();
    }

    /** Name of the node. */
    String node();

    /** The service whose address it is; empty where no service of the cluster has it. */
    Option<ServiceKey> service();

    /** The service's own port; empty where there is no service, or no such port of it. */
    Option<Integer> port();

    /** Transport protocol. */
    Protocol protocol();

    /** The address and port the packets are sent to. */
    AddressPort vip();

    /** One sentence with names and addresses. */
    String message();

    /** A packet that shows it. */
    Witness witness();

    /** How the witness should end. */
    @Value.Default
    default Vector<End> expected() {
        return Vector.empty();
    }

    /** How it ends. */
    @Value.Default
    default Vector<End> actual() {
        return Vector.empty();
    }

    /** The rules the witness meets on the way that is wrong, in order. */
    @Value.Default
    default Vector<RuleStep> trail() {
        return Vector.empty();
    }

    /** The objects that say what is intended, and what else shows the fault. */
    @Value.Default
    default Vector<Evidence> evidence() {
        return Vector.empty();
    }

    /** By node, service, address, protocol, code and witness: the order of results. */
    @Override
    default int compareTo(Violation other) {
        return Order.ALL.compare(this, other);
    }

    /** Starts a violation. */
    static Builder builder() {
        return new Builder();
    }

    /** Builds a violation. */
    final class Builder extends ImmutableViolation.Builder {
        Builder() {}
    }

    /** The order of results. */
    final class Order {
        static final Comparator<Violation> ALL = Comparator.comparing(Violation::node)
                .thenComparing(violation -> violation.service().isEmpty())
                .thenComparing(violation ->
                        violation.service().map(ServiceKey::toString).getOrElse(""))
                .thenComparing(violation -> violation.vip().address())
                .thenComparing(violation -> violation.vip().port())
                .thenComparing(Violation::protocol)
                .thenComparing(violation -> violation.code().code())
                .thenComparing(violation -> violation.witness().toString())
                .thenComparing(Violation::message);

        private Order() {}
    }
}
