package dev.podpath.it.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Collection;
import java.util.TreeSet;

/** What an API server tells about itself. */
final class Discovery {
    private Discovery() {}

    static boolean answers(String path, Collection<String> plurals, TinyServer.Reply reply) throws IOException {
        ObjectNode answer = FakeCluster.MAPPER.createObjectNode();
        if (path.equals("/api")) {
            answer.put("kind", "APIVersions").putArray("versions").add("v1");
        } else if (path.equals("/apis")) {
            answer.put("kind", "APIGroupList").put("apiVersion", "v1");
            ArrayNode groups = answer.putArray("groups");
            TreeSet<String> versions = new TreeSet<>();
            plurals.forEach(plural -> versions.add(FakeCluster.version(plural)));
            for (String version : versions) {
                int slash = version.indexOf('/');
                if (slash > 0) {
                    ObjectNode group = groups.addObject().put("name", version.substring(0, slash));
                    ObjectNode preferred = FakeCluster.MAPPER
                            .createObjectNode()
                            .put("groupVersion", version)
                            .put("version", version.substring(slash + 1));
                    group.putArray("versions").add(preferred);
                    group.set("preferredVersion", preferred.deepCopy());
                }
            }
        } else {
            String version = path.startsWith("/apis/") ? path.substring(6) : path.equals("/api/v1") ? "v1" : "";
            boolean served = plurals.stream()
                    .anyMatch(plural -> FakeCluster.version(plural).equals(version));
            if (!served) {
                return false;
            }
            answer.put("kind", "APIResourceList").put("apiVersion", "v1").put("groupVersion", version);
            ArrayNode resources = answer.putArray("resources");
            for (String plural : new TreeSet<>(plurals)) {
                if (FakeCluster.version(plural).equals(version)) {
                    resources
                            .addObject()
                            .put("name", plural)
                            .put("singularName", FakeCluster.kind(plural).toLowerCase(java.util.Locale.ROOT))
                            .put("namespaced", FakeCluster.spaced(plural))
                            .put("kind", FakeCluster.kind(plural))
                            .putArray("verbs")
                            .add("get")
                            .add("list");
                }
            }
        }
        reply.send(200, answer.toString());
        return true;
    }
}
