package dev.podpath.aliyun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.resolve.HopResolver;
import dev.podpath.core.trace.Location;
import dev.podpath.ports.plugin.DocumentReport;
import dev.podpath.ports.plugin.Plugin;
import dev.podpath.ports.plugin.Plugins;
import dev.podpath.ports.plugin.Reading;
import dev.podpath.ports.plugin.Support;
import io.vavr.collection.Vector;
import org.junit.jupiter.api.Test;

final class ResponsesTest {
    @Test
    void thePluginIsFound() {
        assertThat(Plugins.installed().resolvers().map(Plugin::id)).contains("aliyun");
        assertThat(new AliyunProvider().findings().map(code -> code.code())).doesNotHaveDuplicates();
    }

    @Test
    void withoutDocumentsThereIsNothingToAsk() {
        assertThat(Account.empty().open().value()).isEmpty();
    }

    @Test
    void everyDocumentIsReported() {
        var reading = Account.empty()
                .with(
                        "alidns.DescribeDomainRecords.a.com",
                        Documents.records(Documents.a("x", "203.0.113.1"), "{'RR':'y'}"))
                .with("cs.DescribeClusterDetail.c1", "{}")
                .with("slb.DescribeWhatever", "{}")
                .open();
        DocumentReport records = report(reading, "alidns.DescribeDomainRecords.a.com.json");
        assertThat(records.count(Support.FULL)).isEqualTo(1);
        assertThat(records.count(Support.UNRECOGNIZED)).isEqualTo(1);
        assertThat(report(reading, "cs.DescribeClusterDetail.c1.json").count(Support.IRRELEVANT))
                .isEqualTo(1);
        assertThat(report(reading, "slb.DescribeWhatever.json").count(Support.UNRECOGNIZED))
                .isEqualTo(1);
        assertThat(reading.problems()).singleElement().asString().contains("1 of 2 records without fields they need");
    }

    private static DocumentReport report(Reading<Vector<HopResolver>> reading, String name) {
        return reading.reports()
                .find(report -> report.document().equals(Account.REGION + name))
                .get();
    }

    @Test
    void aListThatWasDeniedInOneRegionLeavesItOpenWhoseAnAddressIs() {
        Account account = Documents.serving(Account.empty(), "10.0.1.11");
        var asked = Account.fromInternet("203.0.113.99:80", "198.51.100.1");
        assertThat(lookup(account, asked)).contains("no CLB instance has the address");
        Account denied = account.withFile(
                "podpath.yaml",
                "notCaptured:\n  - document: aliyun/eu-central-1/slb.DescribeLoadBalancers.json\n    reason: denied\n"
                        + "    why: no\n    permission: slb:DescribeLoadBalancers\n");
        assertThat(lookup(denied, asked))
                .contains("is not known: they were not captured")
                .contains("aliyun/eu-central-1/slb.DescribeLoadBalancers.json");
    }

    private static String lookup(Account account, Location at) {
        return account.open()
                .value()
                .find(resolver -> resolver.id().equals("aliyun.slb"))
                .get()
                .resolve(at)
                .toString();
    }

    @Test
    void problemsNameTheDocument() {
        var reading = Account.empty()
                .with("slb.DescribeLoadBalancers", "{'Code':'Forbidden.RAM','Message':'not authorized'}")
                .with("vpc.DescribeEipAddresses", "{'EipAddresses':")
                .with("vpc.DescribeNatGateways", "{'NatGateways':{'NatGateway':[]},'TotalCount':3}")
                .open();
        assertThat(reading.problems().mkString("\n"))
                .contains("the error Forbidden.RAM (not authorized)")
                .contains("vpc.DescribeEipAddresses.json")
                .contains("0 of 3 NAT gateways; further pages were not captured");
    }
}
