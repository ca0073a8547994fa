package dev.podpath.capture.k8s;

import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.NodeScope;
import io.vavr.collection.Vector;
import java.nio.file.Path;

/** Writes the shell script that captures the same documents with {@code kubectl} alone. */
final class KubectlScript {
    private KubectlScript() {}

    static String of(CaptureScope scope) {
        Vector<String> nodes =
                scope.nodes().kind() == NodeScope.Kind.NAMED ? scope.nodes().names() : Vector.empty();
        return Scripts.resource("capture.sh")
                .replace("'@NAMESPACES@'", quoted(scope.namespaces().mkString(" ")))
                .replace("'@NODES@'", quoted(nodes.mkString(" ")))
                .replace("@FLAGS@", flags(scope))
                .replace("@FRAME@", Scripts.resource("frame.sh"))
                .replace("@NODE@", Scripts.resource("node.sh"))
                .replace("@INGRESS@", Scripts.resource("ingress.sh"))
                .replace(
                        "@NODE_DOCUMENTS@",
                        Vector.ofAll(NodeCapture.DOCUMENTS).sorted().mkString(" "))
                .replace("@CONFIG_MAPS@", ConfigMapCapture.SYSTEM.mkString(" "))
                .replace("@LISTS@", Kind.ALL.map(KubectlScript::list).mkString("\n"));
    }

    private static String flags(CaptureScope scope) {
        return scope.kubeconfig()
                        .map(Path::toString)
                        .map(file -> "--kubeconfig " + quoted(file) + " ")
                        .getOrElse("")
                + scope.context().map(name -> "--context " + quoted(name) + " ").getOrElse("");
    }

    private static String list(Kind kind) {
        String spaced = kind.namespaced() ? "yes" : "no";
        if (kind.optional()) {
            Vector<String> versions = kind.versions().map(version -> version.substring(version.indexOf('/') + 1));
            return "extension " + kind.plural() + " " + spaced + " " + kind.group() + " " + versions.mkString(" ");
        }
        String group = kind.group().isEmpty() ? "''" : quoted(" in " + kind.group());
        return "list " + kind.qualified() + " " + kind.plural() + " " + spaced + " " + group;
    }

    /** A word of the shell. */
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
