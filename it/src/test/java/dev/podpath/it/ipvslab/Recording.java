package dev.podpath.it.ipvslab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a kernel did with a list of packets: the table it was given, the packets and changes in order, its answers.
 *
 * @param name name of the recording
 * @param rules the table in the form of ipvsadm-save, in the order in which it was loaded
 * @param requests packets and changes
 * @param answers one line a packet, with the output of commands between
 * @param listing {@code ipvsadm -Ln --nosort} after loading
 * @param saved {@code ipvsadm-save -n} after loading
 */
record Recording(
        String name,
        List<String> rules,
        List<String> requests,
        List<String> answers,
        List<String> listing,
        List<String> saved) {

    static Recording read(Path inputs, Path output) throws IOException {
        String file = output.getFileName().toString();
        String name = file.substring(0, file.length() - ".txt".length());
        List<String> rules = Files.readAllLines(inputs.resolve(name + ".rules"));
        List<String> requests = Files.readAllLines(inputs.resolve(name + ".req"));
        List<String> answers = new ArrayList<>();
        List<String> listing = new ArrayList<>();
        List<String> saved = new ArrayList<>();
        List<String> ignored = new ArrayList<>();
        List<String> section = ignored;
        for (String line : Files.readAllLines(output)) {
            if (line.startsWith("###")) {
                section = line.startsWith("### REQUESTS")
                        ? answers
                        : line.startsWith("### ipvsadm -Ln --nosort")
                                ? listing
                                : line.startsWith("### ipvsadm-save") ? saved : ignored;
            } else {
                section.add(line);
            }
        }
        return new Recording(name, rules, requests, answers, listing, saved);
    }
}
