package dev.podpath.aws.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.aws.TestSnapshot;
import dev.podpath.aws.document.Responses;
import io.vavr.control.Option;
import org.junit.jupiter.api.Test;

/** What is said of network ACLs, which are not evaluated. */
class NetworkAclsTest {
    private static final String OPEN = "{\"RuleNumber\":100,\"RuleAction\":\"allow\",\"Protocol\":\"-1\","
            + "\"CidrBlock\":\"0.0.0.0/0\",\"Egress\":%s}";

    @Test
    void anAclThatAllowsEverythingFirstIsNoLimit() {
        assertThat(limit(OPEN.formatted("true") + "," + OPEN.formatted("false")))
                .isEmpty();
    }

    @Test
    void anAclWithRulesOfItsOwnIs() {
        String deny =
                "{\"RuleNumber\":50,\"RuleAction\":\"deny\",\"Protocol\":\"6\",\"CidrBlock\":\"10.0.0.0/8\",\"Egress\":false}";

        assertThat(limit(deny + "," + OPEN.formatted("true") + "," + OPEN.formatted("false"))
                        .get())
                .contains("acl-1")
                .contains("not evaluated");
        assertThat(limit(OPEN.formatted("false"))).isNotEmpty();
        assertThat(NetworkAcls.of(Responses.of(new TestSnapshot()))
                        .limit(Option.some("subnet-1"))
                        .get())
                .contains("were not captured");
    }

    private static Option<String> limit(String entries) {
        TestSnapshot snapshot = new TestSnapshot()
                .with(
                        "aws/r/ec2.describe-network-acls.json",
                        "{\"NetworkAcls\":[{\"NetworkAclId\":\"acl-1\",\"Associations\":[{\"SubnetId\":\"subnet-1\"}],\"Entries\":["
                                + entries + "]}]}");
        return NetworkAcls.of(Responses.of(snapshot)).limit(Option.some("subnet-1"));
    }
}
