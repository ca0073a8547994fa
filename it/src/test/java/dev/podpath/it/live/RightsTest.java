package dev.podpath.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podpath.ports.capture.CaptureScope;
import dev.podpath.ports.capture.Progress;
import dev.podpath.ports.snapshot.NotCaptured;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a capture asks the API for is what the documentation tells to allow, and nothing else. */
class RightsTest {
    private static final Path PAGE = Path.of(System.getProperty("podpath.root"), "docs", "capture.md");

    @TempDir
    Path directory;

    /** The rules of the page's manifests as {@code verb group/resource}. */
    private static Set<String> allowed(boolean withNodePods) throws IOException {
        String page = Files.readString(PAGE);
        int own = page.indexOf("podpath-capture-node-pods");
        String text = withNodePods ? page : page.substring(0, own);
        Set<String> rules = new TreeSet<>();
        Matcher rule = Pattern.compile(
                        "apiGroups: \\[([^]]*)]\\s+resources: \\[([^]]*)](?:\\s+resourceNames: \\[[^]]*])?\\s+verbs: \\[([^]]*)]")
                .matcher(text);
        while (rule.find()) {
            for (String group : rule.group(1).replace("\"", "").split(", *")) {
                for (String resource : rule.group(2).replace("\"", "").split(", *")) {
                    for (String verb : rule.group(3).replace("\"", "").split(", *")) {
                        rules.add(verb + " " + group + "/" + resource);
                    }
                }
            }
        }
        return rules;
    }

    /** A request as {@code verb group/resource}; empty for what everybody may ask: version and discovery. */
    private static String right(String asked) {
        String[] words = asked.split(" ");
        String[] path = words[1].substring(1).split("/");
        boolean core = path[0].equals("api");
        if (path[0].equals("version") || path.length <= (core ? 2 : 3)) {
            return "";
        }
        int at = core ? 2 : 3;
        int resource = path[at].equals("namespaces") && path.length > at + 2 ? at + 2 : at;
        boolean named = path.length > resource + 1;
        String sub = path.length > resource + 2 ? "/" + path[resource + 2] : "";
        String verb = words[0].equals("POST")
                ? "create"
                : words[0].equals("DELETE") ? "delete" : sub.equals("/exec") || named ? "get" : "list";
        return verb + " " + (core ? "" : path[1]) + "/" + path[resource] + sub;
    }

    private static Set<String> rights(FakeCluster cluster) {
        Set<String> rights = new TreeSet<>();
        cluster.asked().forEach(asked -> rights.add(right(asked)));
        rights.remove("");
        return rights;
    }

    @Test
    void nothingIsAskedThatThePageDoesNotAllow() throws IOException {
        try (FakeCluster cluster = ExampleCluster.of("ack-article", directory)) {
            cluster.objects("httproutes");
            CaptureTest.capture(
                    directory.resolve("out"), CaptureTest.scope(cluster).build());
            assertThat(rights(cluster)).isSubsetOf(allowed(false)).contains("get /pods/exec", "list /services");
            assertThat(rights(cluster)).contains("list gateway.networking.k8s.io/httproutes");
            assertThat(cluster.asked())
                    .noneMatch(asked -> asked.toLowerCase(java.util.Locale.ROOT).contains("secret"));
            // ConfigMaps by name only.
            assertThat(rights(cluster)).doesNotContain("list /configmaps");
        }
    }

    @Test
    void aPodOnANodeIsShownMadeUsedAndDeleted() throws IOException {
        try (FakeCluster cluster = ExampleCluster.of("kubeadm-plain", directory)) {
            Path host = directory.resolve("host-worker1");
            ExampleCluster.tool(host.resolve("sbin/iptables-save"), "echo from the host");
            ExampleCluster.tool(host.resolve("sbin/ip"), "echo '[]'");
            for (String tool : new String[] {"ip6tables-save", "ipset", "curl", "chroot"}) {
                ExampleCluster.tool(host.resolve("sbin").resolve(tool), "exit " + (tool.equals("chroot") ? 1 : 0));
            }
            cluster.root("node", "worker1", host);
            cluster.objects("pods")
                    .removeIf(pod -> pod.path("metadata").path("name").asText().startsWith("kube-proxy"));
            ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();
            Progress progress = new Progress() {
                @Override
                public void at(String what, long done, long total) {}

                @Override
                public void note(String text) {
                    notes.add(cluster.made().isEmpty() ? text : "too late");
                }
            };
            CaptureScope scope = CaptureTest.scope(cluster)
                    .nodePodImage(Option.some("busybox:1.36"))
                    .build();
            Path out = directory.resolve("out");
            Vector<NotCaptured> gaps = new dev.podpath.ports.capture.Capture(
                            CaptureTest.collectors(), progress, () -> false)
                    .into(out, scope)
                    .get();
            assertThat(out.resolve("nodes/worker1/iptables-save.txt")).hasContent("from the host");
            // cp1's pod ran and gave nothing; it is gone all the same.
            assertThat(gaps.map(NotCaptured::document)).contains("nodes/cp1/*");
            assertThat(cluster.made()).isEmpty();
            assertThat(rights(cluster)).isSubsetOf(allowed(true)).contains("create /pods", "delete /pods");
            assertThat(notes).first().asString().contains("\"privileged\": true", "\"activeDeadlineSeconds\": 300");
            for (JsonNode pod : cluster.objects("pods")) {
                assertThat(pod.path("metadata").path("name").asText())
                        .as(
                                "%s",
                                cluster.asked().stream()
                                        .filter(asked -> asked.contains("podpath") || asked.startsWith("POST"))
                                        .toList())
                        .doesNotStartWith("podpath-capture");
            }
        }
    }
}
