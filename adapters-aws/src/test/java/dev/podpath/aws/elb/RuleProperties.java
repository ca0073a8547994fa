package dev.podpath.aws.elb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.aws.TestSnapshot;
import dev.podpath.core.location.Flow;
import dev.podpath.core.location.HttpRequest;
import dev.podpath.core.location.RequestHead;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.core.trace.Fraction;
import dev.podpath.core.trace.Share;
import dev.podpath.ports.snapshot.Json;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Laws of rules: patterns, order, weights, redirects, transforms. */
class RuleProperties {
    @Property(tries = 500)
    void aWildcardIsWhatTheSameRegularExpressionIs(@ForAll("patterns") String pattern, @ForAll("texts") String text) {
        StringBuilder expression = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            expression.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        assertThat(Wildcard.matches(pattern, text, false)).isEqualTo(text.matches(expression.toString()));
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.strings().withChars("ab/*?").ofMaxLength(8);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("ab/").ofMaxLength(8);
    }

    /** The naive reference: of the rules whose path pattern matches, the one with the lowest number. */
    @Property(tries = 300)
    void theMatchingRuleWithTheLowestNumberIsChosen(
            @ForAll @Size(max = 8) List<@net.jqwik.api.From("numbered") Numbered> rules, @ForAll("texts") String path) {
        List<String> json = new ArrayList<>();
        rules.forEach(rule -> json.add(rule.json()));
        json.add("{\"Priority\":\"default\",\"IsDefault\":true,\"Actions\":[{\"Type\":\"default\"}]}");
        Vector<ListenerRule> parsed =
                parse("[" + String.join(",", json) + "]").items().map(ListenerRule::of);

        Option<ListenerRule> chosen = RuleChoice.of(parsed, conditions("h", "/" + path, Option.none()))
                .chosen();

        String expected = rules.stream()
                .filter(rule -> Wildcard.matches(rule.pattern(), "/" + path, false))
                .min(java.util.Comparator.comparingInt(Numbered::priority))
                .map(rule -> "p" + rule.priority())
                .orElse("default");
        assertThat(chosen.get().actions().head().textOr("", "Type")).isEqualTo(expected);
    }

    @Provide
    Arbitrary<Numbered> numbered() {
        return Combinators.combine(Arbitraries.integers().between(1, 50_000), patterns())
                .as(Numbered::new);
    }

    record Numbered(int priority, String pattern) {
        String json() {
            return "{\"Priority\":\"" + priority
                    + "\",\"Conditions\":[{\"Field\":\"path-pattern\",\"PathPatternConfig\":" + "{\"Values\":[\""
                    + pattern + "\"]}}],\"Actions\":[{\"Type\":\"p" + priority + "\"}]}";
        }
    }

    @Property
    void weightsBecomeExactPartsOfOne(@ForAll @Size(min = 2, max = 5) List<@IntRange(max = 999) Integer> weights) {
        Option<Vector<Share>> shares = Actions.shares(Vector.ofAll(weights).map(Option::some));
        long total = weights.stream().mapToLong(Integer::longValue).sum();

        assertThat(shares.isDefined()).isEqualTo(total > 0);
        shares.forEach(found -> {
            Fraction sum = found.foldLeft(Fraction.ZERO, (all, share) -> all.plus(((Share.Exact) share).value()));
            assertThat(sum).isEqualTo(Fraction.ONE);
            for (int i = 0; i < weights.size(); i++) {
                assertThat(found.get(i)).isEqualTo(Share.of(weights.get(i), total));
            }
        });
    }

    @Test
    void weightsOutOfRangeAreNotUsed() {
        assertThat(Actions.shares(Vector.of(Option.some(1), Option.some(1000)))).isEmpty();
        assertThat(Actions.shares(Vector.of(Option.some(1), Option.<Integer>none())))
                .isEmpty();
        assertThat(Actions.shares(Vector.of(Option.<Integer>none())).get()).containsExactly(Share.all());
    }

    @Test
    void eachKindOfConditionMatchesAsDocumented() {
        assertThat(match("host-header", "\"HostHeaderConfig\":{\"Values\":[\"*.Example.com\"]}"))
                .isEqualTo(Conditions.Match.YES);
        assertThat(match("host-header", "\"HostHeaderConfig\":{\"Values\":[\"example.com\"]}"))
                .isEqualTo(Conditions.Match.NO);
        assertThat(match("host-header", "\"Values\":[\"shop.example.com\"]")).isEqualTo(Conditions.Match.YES);
        assertThat(match("path-pattern", "\"PathPatternConfig\":{\"Values\":[\"/Cart\"]}"))
                .isEqualTo(Conditions.Match.NO);
        assertThat(match("path-pattern", "\"PathPatternConfig\":{\"Values\":[\"/cart\"]}"))
                .isEqualTo(Conditions.Match.YES);
        assertThat(match("path-pattern", "\"PathPatternConfig\":{\"RegexValues\":[\"^/(cart|shop)$\"]}"))
                .isEqualTo(Conditions.Match.YES);
        assertThat(match("path-pattern", "\"PathPatternConfig\":{\"RegexValues\":[\"^/other\"]}"))
                .isEqualTo(Conditions.Match.NO);
        assertThat(match("path-pattern", "\"PathPatternConfig\":{\"RegexValues\":[\"^/c\"]}"))
                .isEqualTo(Conditions.Match.OPEN);
        assertThat(match("query-string", "\"QueryStringConfig\":{\"Values\":[{\"Key\":\"V\",\"Value\":\"1*\"}]}"))
                .isEqualTo(Conditions.Match.YES);
        assertThat(match("query-string", "\"QueryStringConfig\":{\"Values\":[{\"Value\":\"2\"}]}"))
                .isEqualTo(Conditions.Match.NO);
        assertThat(match("http-request-method", "\"HttpRequestMethodConfig\":{\"Values\":[\"POST\"]}"))
                .isEqualTo(Conditions.Match.NO);
        assertThat(match("http-request-method", "\"HttpRequestMethodConfig\":{\"Values\":[\"GET\"]}"))
                .isEqualTo(Conditions.Match.YES);
        assertThat(match("source-ip", "\"SourceIpConfig\":{\"Values\":[\"198.51.100.0/24\"]}"))
                .isEqualTo(Conditions.Match.YES);
        assertThat(match("source-ip", "\"SourceIpConfig\":{\"Values\":[\"10.0.0.0/8\"]}"))
                .isEqualTo(Conditions.Match.NO);
        assertThat(match("http-header", "\"HttpHeaderConfig\":{\"HttpHeaderName\":\"User-Agent\",\"Values\":[\"*\"]}"))
                .isEqualTo(Conditions.Match.OPEN);
        assertThat(match("http-header", "\"HttpHeaderConfig\":{\"HttpHeaderName\":\"Host\",\"Values\":[\"shop.*\"]}"))
                .isEqualTo(Conditions.Match.YES);
        assertThat(match("something-new", "\"Values\":[\"x\"]")).isEqualTo(Conditions.Match.OPEN);
    }

    private static Conditions.Match sent(String field, String config, String method, String... headers) {
        HttpRequest request = new HttpRequest("https", "shop.example.com", "/")
                .with(RequestHead.parse(method, Vector.of(headers)).get());
        Flow flow = new Flow(Protocol.TCP, Option.none(), Option.some(request));
        ListenerRule rule = ListenerRule.of(
                parse("{\"Priority\":\"1\",\"Conditions\":[{\"Field\":\"" + field + "\"," + config + "}]}"));
        return new Conditions(flow, new BoundedRegex()).match(rule);
    }

    @Test
    void methodAndHeadersOfTheRequestDecide() {
        String posts = "\"HttpRequestMethodConfig\":{\"Values\":[\"POST\",\"PUT\"]}";
        assertThat(sent("http-request-method", posts, "POST")).isEqualTo(Conditions.Match.YES);
        assertThat(sent("http-request-method", posts, "GET")).isEqualTo(Conditions.Match.NO);
        String chrome = "\"HttpHeaderConfig\":{\"HttpHeaderName\":\"User-Agent\",\"Values\":[\"*chrome*\"]}";
        assertThat(sent("http-header", chrome, "GET", "user-agent: Mozilla Chrome/1"))
                .isEqualTo(Conditions.Match.YES);
        assertThat(sent("http-header", chrome, "GET", "user-agent: curl")).isEqualTo(Conditions.Match.NO);
        assertThat(sent("http-header", chrome, "GET", "user-agent: curl", "User-Agent: chrome"))
                .isEqualTo(Conditions.Match.YES);
        assertThat(sent("http-header", chrome, "GET", "x: y")).isEqualTo(Conditions.Match.NO);
        assertThat(sent("http-header", chrome, "GET")).isEqualTo(Conditions.Match.OPEN);
    }

    private static Conditions.Match match(String field, String config) {
        ListenerRule rule = ListenerRule.of(
                parse("{\"Priority\":\"1\",\"Conditions\":[{\"Field\":\"" + field + "\"," + config + "}]}"));
        return conditions("shop.example.com", "/cart?v=12", Option.some("198.51.100.7"))
                .match(rule);
    }

    @Test
    void aRedirectKeepsWhatItDoesNotSet() {
        HttpRequest request = new HttpRequest("http", "a.example.com", "/x/y?q=1");

        assertThat(Redirect.url(parse("{\"Protocol\":\"HTTPS\",\"Port\":\"443\"}"), request, 80))
                .isEqualTo("https://a.example.com/x/y?q=1");
        assertThat(Redirect.url(
                        parse("{\"Host\":\"www.#{host}\",\"Path\":\"/new/#{path}\",\"Query\":\"#{query}&s=2\"}"),
                        request,
                        8080))
                .isEqualTo("http://www.a.example.com:8080/new/x/y?q=1&s=2");
        assertThat(Redirect.url(
                        parse("{\"Path\":\"/#{path}#{unknown\"}"), new HttpRequest("http", "h", "/#{host}"), 80))
                .isEqualTo("http://h/#{host}#{unknown");
    }

    @Test
    void transformsRewriteHostAndUrl() {
        ListenerRule rule = ListenerRule.of(parse("""
                {"Transforms":[
                  {"Type":"url-rewrite","UrlRewriteConfig":{"Rewrites":[{"Regex":"^/api/(.+)$","Replace":"/$1"}]}},
                  {"Type":"host-header-rewrite","HostHeaderRewriteConfig":{"Rewrites":[
                    {"Regex":"^(.+)\\\\.example\\\\.com$","Replace":"$1.internal"}]}}]}"""));

        assertThat(Rewrites.apply(rule, new HttpRequest("https", "a.example.com", "/api/v1?x=y"), new BoundedRegex()))
                .containsExactly(new HttpRequest("https", "a.internal", "/v1?x=y"));
        assertThat(Rewrites.apply(rule, new HttpRequest("https", "other.org", "/v1"), new BoundedRegex()))
                .containsExactly(new HttpRequest("https", "other.org", "/v1"));
    }

    @Test
    void aRegularExpressionThatNeverEndsIsGivenUp() {
        assertThat(new BoundedRegex().match("(.*x){15}y", "x".repeat(60), false))
                .isEqualTo(BoundedRegex.Match.UNKNOWN);
        assertThat(new BoundedRegex().match("(((", "a", false)).isEqualTo(BoundedRegex.Match.UNKNOWN);
        assertThat(new BoundedRegex().match("(a|b)*", "ab".repeat(100_000), false))
                .isIn((Object[]) BoundedRegex.Match.values());
        assertThat(new BoundedRegex().replace("(a)", "$7", "a")).isEmpty();
    }

    private static Conditions conditions(String host, String path, Option<String> source) {
        Flow flow =
                new Flow(Protocol.TCP, source.map(IpAddress::of), Option.some(new HttpRequest("https", host, path)));
        return new Conditions(flow, new BoundedRegex());
    }

    static Json parse(String json) {
        return new TestSnapshot()
                .with("t.json", json)
                .document("t.json")
                .get()
                .json()
                .get();
    }
}
