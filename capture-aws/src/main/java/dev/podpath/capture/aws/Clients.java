package dev.podpath.capture.aws;

import dev.podpath.ports.capture.CaptureScope;
import io.vavr.control.Option;
import java.io.Closeable;
import java.net.URI;
import java.time.Duration;
import javax.xml.stream.XMLStreamException;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.elasticloadbalancing.ElasticLoadBalancingClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.route53.Route53Client;

/**
 * Clients of the services, all with one chain of credentials: system properties, environment, web identity, profile files
 * (single sign-on and processes included), container, instance.
 */
final class Clients implements Closeable {
    private static final int ATTEMPTS = 6;
    private static final int MOST_CAUSES = 8;
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);

    private final CaptureScope scope;
    private final DefaultCredentialsProvider credentials;
    private final SdkHttpClient http;
    private final ClientOverrideConfiguration configuration;

    Clients(CaptureScope scope) {
        this.scope = scope;
        DefaultCredentialsProvider.Builder chain = DefaultCredentialsProvider.builder();
        scope.profile().forEach(chain::profileName);
        this.credentials = chain.build();
        Duration patience = scope.patience();
        this.http = UrlConnectionHttpClient.builder()
                .connectionTimeout(patience.compareTo(LONGEST_CONNECT) < 0 ? patience : LONGEST_CONNECT)
                .socketTimeout(patience)
                .build();
        this.configuration = configuration(scope);
    }

    /**
     * Requests that are throttled, or fail on the server's side, are repeated later and later, with chance in it
     * (AWS SDKs and Tools Reference Guide, "Retry behavior").
     */
    private static ClientOverrideConfiguration configuration(CaptureScope scope) {
        Duration patience = scope.patience();
        Duration pause = patience.dividedBy(300);
        ClientOverrideConfiguration.Builder builder = ClientOverrideConfiguration.builder()
                .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(ATTEMPTS)
                        .retryOnException(Clients::isBroken)
                        .backoffStrategy(BackoffStrategy.exponentialDelay(pause, LONGEST_PAUSE))
                        .throttlingBackoffStrategy(
                                BackoffStrategy.exponentialDelay(pause.multipliedBy(10), LONGEST_PAUSE))
                        .build())
                .apiCallAttemptTimeout(patience.multipliedBy(4));
        scope.profile().forEach(builder::defaultProfileName);
        return builder.build();
    }

    /** Whether an answer was cut off, or is something else than the service's. */
    private static boolean isBroken(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            if (cause instanceof XMLStreamException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    Ec2Client ec2(Region region) {
        return configured(Ec2Client.builder(), Action.Service.EC2, region).build();
    }

    ElasticLoadBalancingV2Client balancers(Region region) {
        return configured(ElasticLoadBalancingV2Client.builder(), Action.Service.ELBV2, region)
                .build();
    }

    ElasticLoadBalancingClient classicBalancers(Region region) {
        return configured(ElasticLoadBalancingClient.builder(), Action.Service.ELB, region)
                .build();
    }

    /** Route 53 has one endpoint in each partition. */
    Route53Client names(Region region) {
        return configured(Route53Client.builder(), Action.Service.ROUTE53, partition(region))
                .build();
    }

    private static Region partition(Region region) {
        return switch (region.metadata() == null
                ? "aws"
                : region.metadata().partition().id()) {
            case "aws-cn" -> Region.AWS_CN_GLOBAL;
            case "aws-us-gov" -> Region.AWS_US_GOV_GLOBAL;
            case "aws-iso" -> Region.AWS_ISO_GLOBAL;
            case "aws-iso-b" -> Region.AWS_ISO_B_GLOBAL;
            default -> Region.AWS_GLOBAL;
        };
    }

    private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> B configured(
            B builder, Action.Service service, Region region) {
        Option<URI> endpoint = scope.endpoint(service.command()).map(URI::create);
        endpoint.forEach(builder::endpointOverride);
        return builder.region(region)
                .credentialsProvider(credentials)
                .httpClient(http)
                .overrideConfiguration(configuration);
    }

    @Override
    public void close() {
        http.close();
        credentials.close();
    }
}
