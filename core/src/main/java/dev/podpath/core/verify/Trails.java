package dev.podpath.core.verify;

import dev.podpath.core.intent.ProxyMode;
import dev.podpath.core.proxy.RuleStep;
import io.vavr.collection.Vector;

/** Whose rules decided, from the names of their tables and chains. */
final class Trails {
    private Trails() {}

    /** Whether the last rule is one of kube-proxy, in whatever mode. */
    static boolean endsInKubeProxy(Vector<RuleStep> trail) {
        return trail.lastOption().exists(Trails::isKubeProxys);
    }

    /** Whether some rule is one of kube-proxy, in whatever mode. */
    static boolean hasKubeProxy(Vector<RuleStep> trail) {
        return trail.exists(Trails::isKubeProxys);
    }

    private static boolean isKubeProxys(RuleStep step) {
        return step.chain().startsWith("KUBE-")
                || step.table().contains("kube-proxy")
                || step.table().equals("ipvs");
    }

    /** Whether a rule exempts packets from connection tracking, so that no rule of the table nat is asked. */
    static boolean isExemption(RuleStep step) {
        String rule = step.evidence().excerpt();
        return step.table().endsWith("raw") && (rule.contains("-j NOTRACK") || rule.contains("--notrack"));
    }

    /** Whether a rule of another mode than this one took part. */
    static boolean hasOtherMode(Vector<RuleStep> trail, ProxyMode mode) {
        return switch (mode) {
            case IPTABLES ->
                trail.exists(step -> step.table().equals("ipvs") || step.table().contains("kube-proxy"));
            case IPVS ->
                trail.exists(step -> isOfIptablesMode(step) || step.table().contains("kube-proxy"));
            case NFTABLES ->
                trail.exists(step -> step.table().equals("ipvs") || step.chain().startsWith("KUBE-"));
        };
    }

    /** Chains that only the mode iptables writes; others are shared with IPVS. */
    private static boolean isOfIptablesMode(RuleStep step) {
        String chain = step.chain();
        return chain.startsWith("KUBE-SVC-")
                || chain.startsWith("KUBE-SEP-")
                || chain.startsWith("KUBE-SVL-")
                || chain.startsWith("KUBE-EXT-")
                || chain.startsWith("KUBE-FW-")
                || chain.startsWith("KUBE-XLB-")
                || chain.equals("KUBE-EXTERNAL-SERVICES")
                || chain.equals("KUBE-SERVICES") && step.table().endsWith("filter");
    }
}
