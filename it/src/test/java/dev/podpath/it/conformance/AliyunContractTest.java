package dev.podpath.it.conformance;

import dev.podpath.aliyun.AliyunProvider;
import dev.podpath.ports.plugin.ResolverProvider;
import io.vavr.collection.Vector;

class AliyunContractTest implements ExampleContract {
    @Override
    public ResolverProvider provider() {
        return new AliyunProvider();
    }

    @Override
    public String example() {
        return "ack-article";
    }

    @Override
    public Vector<String> hosts() {
        return Vector.of("app1.qas.abc.com", "app3.qas.abc.com", "public-lb.qas.abc.com", "nobody.qas.abc.com");
    }
}
