package dev.podpath.proxy.iptables.eval;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.proxy.SourceNat;
import dev.podpath.core.proxy.walk.Link;
import dev.podpath.ports.snapshot.Document;
import dev.podpath.proxy.iptables.parse.RulesReader;
import dev.podpath.proxy.iptables.rule.Table;
import dev.podpath.proxy.iptables.rule.TableName;
import io.vavr.collection.Vector;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PathForkTest {
    @Test
    @DisplayName("a fork has every field of the path it is of, and frames of its own")
    void everyField() throws ReflectiveOperationException {
        Path path = new Path();
        List<Field> fields = Arrays.stream(Path.class.getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .toList();
        for (Field field : fields) {
            unlike(field, path);
        }
        Path fork = path.fork();
        for (Field field : fields) {
            assertThat(field.get(fork)).as(field.getName()).isEqualTo(field.get(path));
            assertThat(field.get(fork)).as(field.getName()).isNotEqualTo(field.get(new Path()));
        }
        assertThat(fork.frames).isNotSameAs(path.frames);
    }

    private static Table table() {
        Document document =
                new Document("iptables-save.txt", "*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n".getBytes(UTF_8));
        return RulesReader.read(document, false).value().table(TableName.NAT);
    }

    /** Gives a field a value it does not have by itself. */
    private static void unlike(Field field, Path path) throws ReflectiveOperationException {
        Class<?> type = field.getType();
        if (type == long.class || type == int.class) {
            field.set(path, 7 + field.getName().hashCode() % 5);
        } else if (type == boolean.class) {
            field.setBoolean(path, !field.getBoolean(path));
        } else if (type == double.class) {
            field.setDouble(path, 0.25);
        } else if (type == String.class) {
            field.set(path, field.getName());
        } else if (type == int[].class) {
            field.set(path, new int[] {1, 2, 3});
        } else if (type == AddressPort.class) {
            field.set(path, AddressPort.parse("10.0.0.1:80").get());
        } else if (type == SourceNat.class) {
            field.set(path, new SourceNat.Masquerade(Vector.empty()));
        } else if (type == Region.class) {
            field.set(path, Region.all(false));
        } else if (type == Link.class) {
            field.set(path, new Link<>("x", null));
        } else {
            field.set(path, table());
        }
    }
}
