package dev.podpath.aliyun;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podpath.core.cluster.Cluster;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.NetworkAddress;
import dev.podpath.core.location.Vantage;
import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.resolve.PathTracer;
import dev.podpath.core.trace.Location;
import dev.podpath.core.trace.Trace;
import dev.podpath.ports.snapshot.MemorySnapshot;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever is in the documents, every question gets an answer. */
final class HostileProperties {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Cluster CLUSTER = Account.article().cluster();
    private static final Map<String, String> EXAMPLE = example();
    private static final String[] SCRAPS = {
        "",
        "-1",
        "99999999999999999999",
        "x",
        "10.0.0.0/33",
        "*",
        "..",
        "@",
        "::",
        "on",
        "0.0.0.0/0",
        "a/b/c/d/e",
        "lb-bp1publicqas"
    };

    /** The example, and beside it what it does not have. */
    private static Map<String, String> example() {
        String where = "aliyun/cn-hangzhou/";
        String rules =
                "'Rules':{'Rule':[{'RuleId':'r','Domain':'*.abc.com','Url':'/x','VServerGroupId':'rsp-bp1public80'}]}";
        io.vavr.collection.Map<String, String> more = io.vavr.collection.HashMap.of(
                where + "slb.DescribeLoadBalancerHTTPListenerAttribute.lb-bp1publicqas.81.json",
                Documents.listener("running", rules).replace(":80,", ":81,"),
                where + "pvtz.DescribeZones.json",
                Documents.list("Zones", "Zone", "{'ZoneId':'z1','ZoneName':'qas.abc.com'}"),
                where + "pvtz.DescribeZoneInfo.z1.json",
                "{'ZoneId':'z1','ZoneName':'qas.abc.com','BindVpcs':{'Vpcs':{'Vpc':[{'VpcId':'vpc-bp1podpathqas'}]}}}",
                where + "pvtz.DescribeZoneRecords.z1.json",
                Documents.list("Records", "Record", "{'Rr':'app1','Type':'CNAME','Value':'app2.qas.abc.com'}"),
                where + "vpc.DescribeForwardTableEntries.ftb-bp1qas.json",
                Documents.list(
                        "ForwardTableEntries",
                        "ForwardTableEntry",
                        "{'ForwardTableId':'ftb-bp1qas','ExternalIp':'203.0.113.21','ExternalPort':'80/81',"
                                + "'InternalIp':'10.17.10.92','InternalPort':'8080/8081','IpProtocol':'tcp'}"));
        io.vavr.collection.Map<String, String> newer =
                BalancerTest.everything().documents().mapKeys(path -> path.replace("cn-test", "cn-hangzhou"));
        return new TreeMap<>(Account.article()
                .documents()
                .merge(newer, (of, with) -> of)
                .merge(more.mapValues(text -> text.replace('\'', '"')), (of, with) -> with)
                .toJavaMap());
    }

    private static Vector<Location> questions() {
        Flow web = new Flow(
                Protocol.TCP,
                Option.some(AddressPort.parse("198.51.100.7:0").get().address()),
                Option.some(new HttpRequest("http", "app1.qas.abc.com", "/x")));
        Vantage vpc = new Vantage.PrivateNetwork(Option.none());
        Vector<String> names = Vector.of(
                "app1.qas.abc.com",
                "app2.qas.abc.com",
                "app3.qas.abc.com",
                "app3-partner.qas.abc.com",
                "no.abc.com",
                "alb-1.cn-test.alb.aliyuncs.com",
                "abc.com");
        return names.<Location>flatMap(name -> Vector.of(
                        new dev.podpath.core.location.DnsName(name, 80, web, new Vantage.Internet()),
                        new dev.podpath.core.location.DnsName(name, 80, web, vpc)))
                .appendAll(Vector.of(
                                "203.0.113.10:443",
                                "203.0.113.10:81",
                                "10.17.2.20:80",
                                "10.17.2.20:8080",
                                "203.0.113.21:80",
                                "10.17.1.11:80",
                                "203.0.113.61:80",
                                "10.17.10.92:1")
                        .map(to -> new NetworkAddress(AddressPort.parse(to).get(), web, vpc)))
                .append(Account.out("10.17.10.95", "198.51.100.1:443"))
                .append(Account.out("10.17.1.11", "198.51.100.1:443"));
    }

    private static void ask(Map<String, String> documents) {
        var reading = new AliyunProvider().open(MemorySnapshot.of(documents), CLUSTER);
        PathTracer tracer = new PathTracer(reading.value(), 500);
        for (Location question : questions()) {
            Trace trace = tracer.trace("test", question);
            assertThat(trace.outcomes()).isNotEmpty();
        }
    }

    @Property(tries = 100, seed = "21")
    void missingAndStrangeFieldsGiveAnAnswer(@ForAll Random random) throws IOException {
        Map<String, String> documents = new TreeMap<>(EXAMPLE);
        for (Map.Entry<String, String> entry : EXAMPLE.entrySet()) {
            if (random.nextInt(3) == 0) {
                JsonNode body = MAPPER.readTree(entry.getValue());
                mutate(body, random, 1 + random.nextInt(4));
                documents.put(entry.getKey(), MAPPER.writeValueAsString(body));
            }
        }
        ask(documents);
    }

    @Property(tries = 60, seed = "22")
    void cutDocumentsGiveAnAnswer(@ForAll Random random) {
        Map<String, String> documents = new TreeMap<>(EXAMPLE);
        for (Map.Entry<String, String> entry : EXAMPLE.entrySet()) {
            int choice = random.nextInt(6);
            if (choice == 0) {
                documents.remove(entry.getKey());
            } else if (choice == 1) {
                documents.put(
                        entry.getKey(),
                        entry.getValue()
                                .substring(0, random.nextInt(entry.getValue().length())));
            }
        }
        ask(documents);
    }

    @Property(tries = 100, seed = "23")
    void anyTextGivesAnAnswer(@ForAll String text, @ForAll Random random) {
        Map<String, String> documents = new TreeMap<>(EXAMPLE);
        String[] paths = EXAMPLE.keySet().toArray(new String[0]);
        documents.put(paths[random.nextInt(paths.length)], text);
        documents.put("aliyun/x/slb." + text.replace('/', '_') + ".json", "{\"a\":" + text + "}");
        var reading = new AliyunProvider().open(MemorySnapshot.of(documents), CLUSTER);
        new PathTracer(reading.value(), 500).trace("test", questions().head());
    }

    private static void mutate(JsonNode body, Random random, int times) {
        List<JsonNode> containers = new ArrayList<>();
        collect(body, containers);
        for (int i = 0; i < times; i++) {
            JsonNode at = containers.get(random.nextInt(containers.size()));
            if (at instanceof ObjectNode object && !object.isEmpty()) {
                List<String> names = new ArrayList<>();
                object.fieldNames().forEachRemaining(names::add);
                String name = names.get(random.nextInt(names.size()));
                switch (random.nextInt(5)) {
                    case 0 -> object.put(name, SCRAPS[random.nextInt(SCRAPS.length)]);
                    case 1 -> object.put(name, random.nextLong());
                    case 2 -> object.putNull(name);
                    case 3 -> object.putArray(name).add(object.deepCopy());
                    default -> object.remove(name);
                }
            } else if (at instanceof ArrayNode array && !array.isEmpty()) {
                array.remove(random.nextInt(array.size()));
            }
        }
    }

    private static void collect(JsonNode node, List<JsonNode> into) {
        if (node.isContainerNode()) {
            into.add(node);
            node.forEach(child -> collect(child, into));
        }
    }
}
