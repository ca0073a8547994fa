package dev.podpath.it.live;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ec2.model.Ec2Response;
import software.amazon.awssdk.services.elasticloadbalancing.model.ElasticLoadBalancingResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Response;
import software.amazon.awssdk.services.route53.model.Route53Response;

/** The account of the example {@code eks-basic}. */
final class ExampleAws extends ExampleCloud {
    static final String REGION = "us-west-2";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path ACCOUNT = example("eks-basic").resolve("aws");

    ExampleAws() throws IOException {}

    @Override
    String action(HttpExchange exchange, Map<String, String> parameters) {
        String path = exchange.getRequestURI().getPath();
        String named = path.endsWith("/rrset")
                ? "ListResourceRecordSets"
                : path.contains("/healthcheck") ? "ListHealthChecks" : "ListHostedZones";
        return parameters.getOrDefault("Action", named);
    }

    @Override
    Reply reply(String action, String path, Map<String, String> parameters)
            throws IOException, ReflectiveOperationException {
        return new Reply(200, parameters.containsKey("Action") ? query(action, parameters) : names(action, path));
    }

    @Override
    Reply denial(Map<String, String> parameters) {
        return isEc2(parameters)
                ? refusal(403, "Response><Errors", "UnauthorizedOperation", "Errors></Response")
                : refusal(403, "ErrorResponse", "AccessDenied", "ErrorResponse");
    }

    @Override
    Reply throttle(Map<String, String> parameters) {
        return isEc2(parameters)
                ? refusal(503, "Response><Errors", "RequestLimitExceeded", "Errors></Response")
                : refusal(400, "ErrorResponse", "Throttling", "ErrorResponse");
    }

    private static Reply refusal(int status, String begin, String code, String end) {
        return new Reply(
                status, "<" + begin + "><Error><Code>" + code + "</Code><Message>no</Message></Error></" + end + ">");
    }

    private static boolean isEc2(Map<String, String> parameters) {
        return parameters.getOrDefault("Version", "").equals("2016-11-15");
    }

    private static String names(String action, String path) throws IOException, ReflectiveOperationException {
        String zone = path.replaceFirst(".*/hostedzone/?", "").replace("/rrset", "");
        Path file = ACCOUNT.resolve("global/route53." + command(action)
                + (action.equals("ListResourceRecordSets") ? "." + zone : "") + ".json");
        String content = Files.exists(file)
                ? WireXml.members(model(Route53Response.class, action), JSON.readTree(file.toFile()), "member")
                : "";
        return "<" + action + "Response>" + content + "<IsTruncated>false</IsTruncated></" + action + "Response>";
    }

    private static String query(String action, Map<String, String> parameters)
            throws IOException, ReflectiveOperationException {
        String subject = parameters.getOrDefault(
                "LoadBalancerArn",
                parameters.getOrDefault("TargetGroupArn", parameters.getOrDefault("ListenerArn", "")));
        String[] segments = subject.split("/", -1);
        String key = subject.isEmpty() || parameters.containsKey("ListenerArn")
                ? segments[segments.length - 1]
                : segments[segments.length - 2];
        boolean ec2 = isEc2(parameters);
        boolean classic = parameters.get("Version").equals("2012-06-01");
        Class<? extends SdkPojo> service = ec2
                ? Ec2Response.class
                : classic ? ElasticLoadBalancingResponse.class : ElasticLoadBalancingV2Response.class;
        Path file = ACCOUNT.resolve(REGION + "/" + (ec2 ? "ec2" : classic ? "elb" : "elbv2") + "." + command(action)
                + (key.isEmpty() ? "" : "." + key) + ".json");
        String content = Files.exists(file)
                ? WireXml.members(model(service, action), JSON.readTree(file.toFile()), ec2 ? "item" : "member")
                : "";
        return "<" + action + "Response>"
                + (ec2 ? content : "<" + action + "Result>" + content + "</" + action + "Result>") + "</" + action
                + "Response>";
    }

    private static String command(String action) {
        return action.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    private static SdkPojo model(Class<? extends SdkPojo> service, String action) throws ReflectiveOperationException {
        Class<?> response = Class.forName(service.getPackageName() + "." + action + "Response");
        return (SdkPojo) response.getMethod("builder").invoke(null);
    }
}
