package dev.podpath.k8s.dns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SearchListTest {
    private final SearchList search = SearchList.clusterFirst("app", "cluster.local");

    @Test
    @DisplayName("a name with fewer than five dots is looked up in the search list first")
    void few() {
        assertThat(search.queries("app1-service.app.svc.cluster.local"))
                .containsExactly(
                        "app1-service.app.svc.cluster.local.app.svc.cluster.local",
                        "app1-service.app.svc.cluster.local.svc.cluster.local",
                        "app1-service.app.svc.cluster.local.cluster.local",
                        "app1-service.app.svc.cluster.local");
        assertThat(search.queries("web").head()).isEqualTo("web.app.svc.cluster.local");
    }

    @Test
    @DisplayName("a name with five dots is tried as it is first; a trailing dot allows nothing else")
    void many() {
        assertThat(search.queries("a.b.c.d.e.f").head()).isEqualTo("a.b.c.d.e.f");
        assertThat(search.queries("www.example.com.")).containsExactly("www.example.com");
    }
}
