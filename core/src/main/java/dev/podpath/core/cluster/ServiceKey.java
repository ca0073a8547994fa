package dev.podpath.core.cluster;

import org.jspecify.annotations.Nullable;

/**
 * Identity of a service.
 *
 * @param namespace its namespace
 * @param name its name
 */
public record ServiceKey(String namespace, String name) implements Comparable<ServiceKey> {
    @Override
    public int compareTo(ServiceKey other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ServiceKey that && name.equals(that.name) && namespace.equals(that.namespace);
    }

    // Written out, like equals: keys are looked up once for each endpoint, and what a record brings is slow until it is
    // warm.
    @Override
    public int hashCode() {
        return 31 * namespace.hashCode() + name.hashCode();
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
