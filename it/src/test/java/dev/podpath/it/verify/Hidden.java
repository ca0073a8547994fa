package dev.podpath.it.verify;

import dev.podpath.core.proxy.Partition;
import dev.podpath.core.proxy.ServiceProxy;
import io.vavr.control.Option;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Proxies that do not say what is alike. */
final class Hidden {
    private Hidden() {}

    static ServiceProxy likeness(ServiceProxy proxy) {
        return hidden(ServiceProxy.class, proxy);
    }

    private static <T> T hidden(Class<T> type, T of) {
        Object hidden = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> {
            if (method.getName().equals("likeness")) {
                return Option.none();
            }
            try {
                Object result = method.invoke(of, given);
                return method.getName().equals("partition")
                        ? ((Option<?>) result).map(partition -> hidden(Partition.class, (Partition) partition))
                        : result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
        return type.cast(hidden);
    }
}
