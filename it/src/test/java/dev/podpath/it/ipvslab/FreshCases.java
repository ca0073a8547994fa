package dev.podpath.it.ipvslab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Random tables and what happens to them: one virtual server of any scheduler, servers added, deleted and given other
 * weights midway, connections left open, closed, aborted or never completed.
 */
final class FreshCases {
    private static final List<String> SCHEDULERS = List.of(
            "rr",
            "wrr",
            "lc",
            "wlc",
            "sed",
            "nq",
            "sh",
            "sh -b sh-port",
            "sh -b sh-fallback",
            "sh -b sh-fallback,sh-port",
            "mh",
            "mh -b mh-port",
            "mh -b mh-fallback",
            "mh -b mh-fallback,mh-port",
            "dh",
            "fo",
            "ovf",
            "lblc",
            "lblcr",
            "rr -p 600",
            "wrr -p 600 -M 255.255.255.0",
            "wlc -p 600 -M 255.255.0.0");
    private static final int PODS = 6;

    private final Random random;
    private final String service;
    private final boolean v6;
    private final boolean udp;
    private final List<String> rules = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private final TreeMap<Integer, Integer> live = new TreeMap<>();
    private final List<String> open = new ArrayList<>();

    /**
     * A deleted server is not added again: the kernel drops its connections a tick later, and one that comes back before
     * that has them still.
     */
    private final Set<Integer> deleted = new HashSet<>();

    private final boolean thresholds;

    private FreshCases(Random random, String scheduler) {
        this.random = random;
        boolean remembers = scheduler.startsWith("lblc");
        boolean persistent = scheduler.contains("-p ");
        this.v6 = !persistent && random.nextInt(4) == 0;
        this.udp = !persistent && !v6 && random.nextInt(5) == 0 && !counts(scheduler);
        this.thresholds = !udp && !remembers && random.nextInt(4) == 0;
        this.service = (udp ? "-u " : "-t ") + (v6 ? "[fd00:96::10]:80" : udp ? "10.96.0.53:53" : "10.96.0.10:80");
        rules.add("-A " + service + " -s " + scheduler + (udp && random.nextBoolean() ? " -o" : ""));
        int servers = random.nextInt(PODS);
        for (int i = 0; i <= servers; i++) {
            add("");
        }
        if (remembers) {
            for (int i = 0; i < 40; i++) {
                connect(i);
            }
        } else {
            for (int i = 0; i < 60; i++) {
                step(i);
            }
        }
    }

    private static boolean counts(String scheduler) {
        return List.of("lc", "wlc", "sed", "nq", "ovf", "lblc", "lblcr").contains(scheduler);
    }

    private String server(int pod) {
        return (v6 ? "[fd00:10:244::1" + pod + "]" : "10.244.0.1" + pod) + (udp ? ":53" : ":8080");
    }

    private int weight() {
        int[] weights = {0, 1, 1, 1, 2, 3, 4, 5, 6, 7, 12, 50, 100};
        return weights[random.nextInt(weights.length)];
    }

    private void add(String prefix) {
        List<Integer> free = new ArrayList<>();
        for (int pod = 1; pod <= PODS; pod++) {
            if (!live.containsKey(pod) && !deleted.contains(pod)) {
                free.add(pod);
            }
        }
        if (free.isEmpty()) {
            return;
        }
        int pod = free.get(random.nextInt(free.size()));
        live.put(pod, weight());
        change(prefix, "-a", pod);
    }

    private void change(String prefix, String command, int pod) {
        String limits = "";
        if (thresholds && random.nextInt(3) == 0) {
            int upper = 2 + random.nextInt(6);
            limits = " -x " + upper + " -y " + random.nextInt(upper);
        }
        String line = command + " " + service + " -r " + server(pod) + " -m -w " + live.get(pod) + limits;
        (prefix.isEmpty() ? rules : requests).add(prefix + line);
    }

    private void step(int number) {
        int dice = random.nextInt(100);
        if (dice < 6) {
            add("! ipvsadm ");
        } else if (dice < 10 && live.size() > 1) {
            int pod = any();
            live.remove(pod);
            deleted.add(pod);
            requests.add("! ipvsadm -d " + service + " -r " + server(pod));
        } else if (dice < 15) {
            int pod = any();
            live.put(pod, weight());
            change("! ipvsadm ", "-e", pod);
        } else if (dice < 30 && !open.isEmpty()) {
            requests.add((random.nextInt(3) == 0 ? "R " : "F ") + open.remove(random.nextInt(open.size())));
        } else if (dice < 32) {
            // ftp-data is never balanced, whatever the protocol
            requests.add("P c" + number + " ext0 " + to(client(), 20));
        } else {
            connect(number);
        }
    }

    private int any() {
        return new ArrayList<>(live.keySet()).get(random.nextInt(live.size()));
    }

    private String client() {
        int[] nets = {50, 50, 51, 60};
        int host = 2 + random.nextInt(39);
        return v6
                ? "fd00:50::" + Integer.toHexString(host)
                : "192.168." + nets[random.nextInt(nets.length)] + "." + host;
    }

    private String to(String from, int port) {
        return (udp ? "udp " : "tcp ") + from + " " + port
                + (v6 ? " fd00:96::10 80" : udp ? " 10.96.0.53 53" : " 10.96.0.10 80");
    }

    private void connect(int number) {
        boolean whole = random.nextInt(4) > 0 && !udp;
        requests.add((whole ? "X" : "P") + " c" + number + " ext0 " + to(client(), 40_000 + number));
        if (whole) {
            open.add("c" + number);
        }
    }

    /** Writes cases into a folder; the same seed gives the same ones. */
    static void write(Path folder, long seed, int count) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            String scheduler = SCHEDULERS.get(i % SCHEDULERS.size());
            FreshCases one = new FreshCases(random, scheduler);
            String name = "case-" + (100 + i);
            Files.write(folder.resolve(name + ".rules"), one.rules);
            Files.write(folder.resolve(name + ".req"), one.requests);
        }
    }
}
