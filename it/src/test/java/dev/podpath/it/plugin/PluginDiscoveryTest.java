package dev.podpath.it.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.ports.plugin.InventoryProvider;
import dev.podpath.ports.plugin.Plugin;
import dev.podpath.ports.plugin.Plugins;
import dev.podpath.ports.plugin.ProxyModeProvider;
import dev.podpath.ports.plugin.ResolverProvider;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a plugin is said plainly, and never stops the others. */
class PluginDiscoveryTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    @DisplayName("the plugins of the distribution are all found and sound")
    void installed() {
        Plugins plugins = Plugins.installed();
        assertThat(plugins.problems()).isEmpty();
        assertThat(plugins.inventories().map(Plugin::id)).containsExactly("kubernetes");
        assertThat(plugins.resolvers().map(Plugin::id))
                .containsExactly("aliyun", "aws", "gateway-api", "ingress-nginx", "kubernetes");
        assertThat(plugins.modes().map(Plugin::id)).contains("iptables", "ipvs");
        assertThat(plugins.findings()).isNotEmpty();
    }

    @Test
    @DisplayName("a plugin that is listed but not there is named, the others work")
    void broken() throws IOException {
        Plugins plugins = with(ResolverProvider.class, "com.example.NoSuchPlugin");
        assertThat(plugins.problems().mkString("\n")).contains("com.example.NoSuchPlugin", "broken");
        assertThat(plugins.resolvers().map(Plugin::id)).contains("aliyun", "kubernetes");
    }

    @Test
    @DisplayName("of two plugins of one name neither is used, and both are named")
    void duplicate() throws IOException {
        Plugins plugins = with(ResolverProvider.class, TwinPlugin.class.getName());
        assertThat(plugins.problems().mkString("\n")).contains("aliyun", TwinPlugin.class.getName(), "remove");
        assertThat(plugins.resolvers().map(Plugin::id)).doesNotContain("aliyun").contains("kubernetes");
    }

    @Test
    @DisplayName("a plugin made for another version of the interfaces is left out")
    void otherVersion() throws IOException {
        Plugins plugins = with(ResolverProvider.class, FuturePlugin.class.getName());
        assertThat(plugins.problems().mkString("\n")).contains("future", "version 99");
        assertThat(plugins.resolvers().map(Plugin::id)).doesNotContain("future");
    }

    @Test
    @DisplayName("without any plugin it is said which jar to add")
    void none() throws IOException {
        try (URLClassLoader empty = new URLClassLoader(new URL[0], Nothing.LOADER)) {
            Plugins plugins = inContext(empty);
            assertThat(plugins.all()).isEmpty();
            assertThat(plugins.problems().mkString("\n"))
                    .contains(
                            InventoryProvider.class.getName(),
                            ProxyModeProvider.class.getName(),
                            "podpath-adapters-k8s",
                            "podpath-kube-proxy-iptables");
        }
    }

    private Plugins with(Class<?> kind, String implementation) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(kind.getName()), implementation + "\n");
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {url(directory)}, getClass().getClassLoader())) {
            return inContext(loader);
        }
    }

    private static URL url(Path path) throws MalformedURLException {
        return path.toUri().toURL();
    }

    private static Plugins inContext(ClassLoader loader) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return Plugins.installed();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Knows the interfaces and nothing that implements them. */
    private static final class Nothing extends ClassLoader {
        static final ClassLoader LOADER = new Nothing();

        Nothing() {
            super(Plugins.class.getClassLoader());
        }

        @Override
        public java.util.Enumeration<URL> getResources(String name) throws IOException {
            return name.startsWith("META-INF/services/")
                    ? java.util.Collections.emptyEnumeration()
                    : super.getResources(name);
        }
    }
}
