package dev.podpath.capture.aliyun;

import com.fasterxml.jackson.databind.JsonNode;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which region is meant where none is named: the one of the environment, else of the command line's profile. */
final class Regions {
    private static final Vector<String> VARIABLES =
            Vector.of("ALIBABA_CLOUD_REGION_ID", "ALIBABACLOUD_REGION_ID", "ALICLOUD_REGION_ID", "REGION_ID");

    private Regions() {}

    static Option<String> configured(Option<String> profile) {
        Option<String> named = VARIABLES
                .flatMap(name -> Option.of(System.getenv(name)))
                .filter(value -> !value.isBlank())
                .headOption();
        Path file = Path.of(System.getProperty("user.home", "."), ".aliyun", "config.json");
        return profile.isEmpty()
                ? named.orElse(() -> ofProfile(file, profile))
                : ofProfile(file, profile).orElse(named);
    }

    /** The region of a profile, or of the current one, in the command line's configuration. */
    static Option<String> ofProfile(Path file, Option<String> profile) {
        if (!Files.isRegularFile(file)) {
            return Option.none();
        }
        try {
            JsonNode root = Layout.read(Files.readString(file, StandardCharsets.UTF_8));
            String wanted = profile.getOrElse(() -> root.path("current").asText("default"));
            return Vector.ofAll(root.path("profiles"))
                    .find(entry -> entry.path("name").asText("").equals(wanted))
                    .map(entry -> entry.path("region_id").asText(""))
                    .filter(region -> !region.isBlank());
        } catch (IOException e) {
            return Option.none();
        }
    }

    /** Whether it could be a region: it becomes part of a host's name and of a path. */
    static boolean isName(String region) {
        return region.length() <= 40 && region.matches("[a-z0-9]+(-[a-z0-9]+)+");
    }
}
