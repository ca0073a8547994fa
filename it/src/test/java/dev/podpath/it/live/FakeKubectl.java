package dev.podpath.it.live;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A {@code kubectl} that answers what the real one would say of a {@link FakeCluster}. */
final class FakeKubectl {
    private static final ObjectMapper PRINTER =
            new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    private static final DefaultIndenter INDENT = new DefaultIndenter("    ", "\n");

    private FakeKubectl() {}

    /** The layout of Go's {@code json.MarshalIndent} with four blanks. */
    private static final class Layout extends DefaultPrettyPrinter {
        Layout() {
            super(Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                    .withObjectEmptySeparator("")
                    .withArrayEmptySeparator(""));
            _objectIndenter = INDENT;
            _arrayIndenter = INDENT;
        }

        Layout(Layout other) {
            super(other);
        }

        @Override
        public DefaultPrettyPrinter createInstance() {
            return new Layout(this);
        }

        @Override
        public void writeEndObject(JsonGenerator out, int entries) throws IOException {
            super.writeEndObject(out, entries);
        }
    }

    static String print(JsonNode value) throws IOException {
        Object plain = PRINTER.treeToValue(value, Object.class);
        return PRINTER.writer(new Layout())
                        .writeValueAsString(plain)
                        .replace("<", "\\u003c")
                        .replace(">", "\\u003e")
                        .replace("&", "\\u0026")
                + "\n";
    }

    /** Makes the program; its answers are what the cluster holds now. */
    static Path make(FakeCluster cluster, Path directory, Map<String, Path> roots) throws IOException {
        Path answers = Files.createDirectories(directory.resolve("answers"));
        for (String plural : List.of(
                "nodes",
                "namespaces",
                "services",
                "pods",
                "endpointslices",
                "ingresses",
                "ingressclasses",
                "configmaps",
                "targetgroupbindings")) {
            lists(cluster, plural, answers);
        }
        StringBuilder pods = new StringBuilder();
        for (Map.Entry<String, Path> root : new TreeMap<>(roots).entrySet()) {
            pods.append("    ")
                    .append(root.getKey())
                    .append(") root='")
                    .append(root.getValue())
                    .append("' ;;\n");
        }
        Path program = directory.resolve("kubectl");
        ExampleCluster.tool(program, """
                answers='%s'
                while :; do case $1 in --kubeconfig | --context) shift 2 ;; *) break ;; esac; done
                no() { echo "$1" >&2; exit 1; }
                echo "$*" | head -n 1 >>'%s'
                case "$1 $2" in
                'config view') printf lab; exit ;;
                'get --raw')
                    [ "$3" != /version ] || { echo '{"gitVersion": "v1.31.4"}'; exit; }
                    [ "$3" = /apis/elbv2.k8s.aws/v1beta1 ] && [ -f "$answers/list/targetgroupbindings.json" ] ||
                        no 'Error from server (NotFound): the server could not find the requested resource'
                    echo '{"resources":[{"name":"targetgroupbindings"}]}'
                    exit ;;
                'get configmap')
                    [ -f "$answers/object/$4/$5.json" ] || no "Error from server (NotFound): configmaps \\"$5\\" not found"
                    cat "$answers/object/$4/$5.json"; exit ;;
                'get '*)
                    kind=${2%%%%.*}
                    place=list
                    [ "$3" != -n ] || place=list-$4
                    [ -f "$answers/$place/$kind.json" ] || no "error: the server doesn't have a resource type \\"$kind\\""
                    cat "$answers/$place/$kind.json"; exit ;;
                esac
                # exec -n NAMESPACE POD -c CONTAINER -- COMMAND
                root=
                case "$3/$4" in
                %s    esac
                [ -n "$root" ] || no "Error from server (NotFound): pods \\"$4\\" not found"
                shift 7
                exec env -i PATH="$root/sbin:/usr/bin:/bin" PODPATH_ROOT="$root" "$@"
                """.formatted(answers, directory.resolve("asked"), pods));
        return program;
    }

    private static void lists(FakeCluster cluster, String plural, Path answers) throws IOException {
        List<ObjectNode> objects = cluster.objects(plural);
        if (plural.equals("targetgroupbindings") && objects.isEmpty()) {
            cluster.stopServing(plural);
            return;
        }
        list(answers.resolve("list"), plural, objects);
        Map<String, List<ObjectNode>> bySpace = new TreeMap<>();
        for (ObjectNode object : objects) {
            String space = object.path("metadata").path("namespace").asText();
            bySpace.computeIfAbsent(space, any -> new java.util.ArrayList<>()).add(object);
            if (plural.equals("configmaps")) {
                Path file = answers.resolve("object")
                        .resolve(space)
                        .resolve(object.path("metadata").path("name").asText() + ".json");
                Files.createDirectories(file.getParent());
                Files.writeString(file, print(object));
            }
        }
        for (Map.Entry<String, List<ObjectNode>> space : bySpace.entrySet()) {
            list(answers.resolve("list-" + space.getKey()), plural, space.getValue());
        }
    }

    private static void list(Path directory, String plural, List<ObjectNode> objects) throws IOException {
        ObjectNode list =
                FakeCluster.MAPPER.createObjectNode().put("apiVersion", "v1").put("kind", "List");
        list.putObject("metadata").put("resourceVersion", "");
        list.putArray("items").addAll(objects);
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(plural + ".json"), print(list));
    }
}
