package dev.podpath.it.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.ports.snapshot.Snapshot;
import dev.podpath.ports.snapshot.Snapshots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Makes a cluster of a bundled example: what the example's documents say is what its API and its pods answer. */
final class ExampleCluster {
    private static final Map<String, String> TOOLS = Map.of(
            "iptables-save", "iptables-save.txt",
            "nft", "nft-ruleset.txt",
            "ip6tables-save", "ip6tables-save.txt",
            "ipvsadm-save", "ipvsadm-save.txt");

    private ExampleCluster() {}

    static Snapshot example(String name) {
        return Snapshots.open("example:" + name).getOrElseThrow(problem -> new AssertionError(problem.toString()));
    }

    static FakeCluster of(String name, Path directory) throws IOException {
        Snapshot example = example(name);
        FakeCluster cluster = new FakeCluster(directory);
        for (Document document : example.under("kubernetes/")) {
            String plural = document.name().replace(".json", "");
            if (!plural.equals("endpoints")) {
                for (JsonNode item :
                        FakeCluster.MAPPER.readTree(document.bytes()).path("items")) {
                    cluster.objects(plural).add((ObjectNode) item);
                }
            }
        }
        for (JsonNode pod : cluster.objects("pods")) {
            String namespace = pod.path("metadata").path("namespace").asText();
            String podName = pod.path("metadata").path("name").asText();
            if (podName.startsWith("kube-proxy")) {
                String node = pod.path("spec").path("nodeName").asText();
                Path root = directory.resolve("node-" + node);
                node(example, "nodes/" + node + "/", root);
                cluster.root(namespace, podName, root);
            }
            String at = "ingress/" + namespace + "/" + podName + "/";
            if (!example.under(at).isEmpty()) {
                cluster.root(namespace, podName, ingress(example, at, directory.resolve(podName)));
            }
        }
        return cluster;
    }

    private static Path ingress(Snapshot example, String at, Path root) throws IOException {
        copy(example, at + "nginx.conf", root.resolve("etc/nginx/nginx.conf"));
        copy(example, at + "backends.json", root.resolve("backends.json"));
        tool(root.resolve("dbg"), "cat '" + root.resolve("backends.json") + "'");
        return root;
    }

    private static void node(Snapshot example, String at, Path root) throws IOException {
        Path sbin = Files.createDirectories(root.resolve("sbin"));
        example.under(at).forEach(document -> {
            try {
                copy(example, document.path(), root.resolve(document.name()));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        for (Map.Entry<String, String> tool : TOOLS.entrySet()) {
            if (Files.exists(root.resolve(tool.getValue()))) {
                tool(sbin.resolve(tool.getKey()), "cat '" + root.resolve(tool.getValue()) + "'");
            }
        }
        prints(sbin.resolve("ipvsadm"), root.resolve("ipvsadm-Ln.txt"), "\"$*\"", "-Ln --nosort");
        prints(sbin.resolve("ipset"), root.resolve("ipset-save.txt"), "\"$*\"", "save");
        prints(sbin.resolve("curl"), root.resolve("proxy-mode.txt"), "\"$4\"", "http://127.0.0.1:10249/proxyMode");
        tool(
                sbin.resolve("ip"),
                "case $* in '-j addr') cat '" + root.resolve("ip-addr.json") + "' ;; '-j route') cat '"
                        + root.resolve("ip-route.json") + "' ;; *) exit 1 ;; esac");
        if (Files.exists(root.resolve("ipvsadm-Ln.txt")) || Files.exists(root.resolve("ipvsadm-save.txt"))) {
            Files.createDirectories(root.resolve("proc/net"));
            Files.writeString(
                    root.resolve("proc/net/ip_vs"),
                    "IP Virtual Server version 1.2.1 (size=4096)\n"
                            + "Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n");
        }
        for (String line : Files.readAllLines(root.resolve("sysctl.txt"))) {
            String[] pair = line.split(" = ", 2);
            Path file = root.resolve("proc/sys/" + pair[0].replace('.', '/'));
            Files.createDirectories(file.getParent());
            Files.writeString(file, pair[1] + "\n");
        }
    }

    private static void prints(Path tool, Path file, String words, String expected) throws IOException {
        if (Files.exists(file)) {
            tool(tool, "[ " + words + " = '" + expected + "' ] || exit 1\ncat '" + file + "'");
        }
    }

    static void tool(Path file, String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        if (!file.toFile().setExecutable(true)) {
            throw new IOException(file + " cannot be made executable");
        }
    }

    private static void copy(Snapshot example, String path, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.write(to, example.document(path).get().bytes());
    }
}
