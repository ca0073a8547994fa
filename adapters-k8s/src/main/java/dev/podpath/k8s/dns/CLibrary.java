package dev.podpath.k8s.dns;

import dev.podpath.core.cluster.Pod;
import dev.podpath.k8s.dns.server.Answer;
import dev.podpath.k8s.dns.server.Answer.Code;
import io.vavr.collection.Vector;

/** How a C library makes questions of a name ({@code res_search} of glibc; {@code name_from_dns_search} of musl). */
enum CLibrary {
    /** A name with enough dots is asked for first as it is, then below the search list; a failure is passed over. */
    GLIBC("glibc") {
        @Override
        Vector<String> names(String name, ResolvConf conf) {
            Vector<String> searched = conf.search().map(domain -> name + "." + domain);
            return dots(name) >= conf.ndots() ? searched.prepend(name) : searched.append(name);
        }

        @Override
        boolean goesOn(Answer answer) {
            return true;
        }
    },

    /** A name with enough dots is asked for as it is only; anything but NXDOMAIN ends the search. */
    MUSL("musl") {
        @Override
        Vector<String> names(String name, ResolvConf conf) {
            return dots(name) >= conf.ndots()
                    ? Vector.of(name)
                    : conf.search().map(domain -> name + "." + domain).append(name);
        }

        @Override
        boolean goesOn(Answer answer) {
            return answer.code() == Code.NAME_ERROR;
        }
    };

    private final String label;

    CLibrary(String label) {
        this.label = label;
    }

    /** The names to ask for in order, without a dot at their end; a name that ends in one is asked for as it is. */
    Vector<String> questions(String name, ResolvConf conf) {
        return name.endsWith(".") ? Vector.of(name.substring(0, name.length() - 1)) : names(name, conf);
    }

    abstract Vector<String> names(String name, ResolvConf conf);

    /** Whether the next name is asked for after an answer without records. */
    abstract boolean goesOn(Answer answer);

    CLibrary other() {
        return this == GLIBC ? MUSL : GLIBC;
    }

    /** The library of a pod, as far as its images tell. */
    static CLibrary of(Pod pod) {
        return pod.images().exists(image -> image.contains("alpine") || image.contains("musl")) ? MUSL : GLIBC;
    }

    private static long dots(String name) {
        return name.chars().filter(c -> c == '.').count();
    }

    @Override
    public String toString() {
        return label;
    }
}
