package dev.podpath.it.ipvslab;

import dev.podpath.core.net.AddressPort;
import dev.podpath.core.net.IpAddress;
import dev.podpath.core.net.Protocol;
import dev.podpath.proxy.ipvs.schedule.Choice;
import dev.podpath.proxy.ipvs.schedule.Flow;
import dev.podpath.proxy.ipvs.schedule.SchedulerOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Replays a recording on the models and compares every decision. */
final class Replay {
    private static final String MARKED = "mark";

    private final Recording recording;
    private final Tally tally;
    private final Map<String, ServiceModel> services = new HashMap<>();
    private final Map<String, ConnectionModel> connections = new HashMap<>();
    private final Map<String, ConnectionModel> byId = new HashMap<>();
    private int answer;

    /** A connection and its server. */
    private static final class ConnectionModel {
        final RealServerModel server;
        boolean open = true;

        ConnectionModel(RealServerModel server) {
            this.server = server;
        }
    }

    Replay(Recording recording, Tally tally) {
        this.recording = recording;
        this.tally = tally;
    }

    void run() {
        tally.recordings++;
        recording.rules().stream().filter(line -> line.startsWith("-")).forEach(line -> change(line.split(" ")));
        for (String request : recording.requests()) {
            String[] words = request.split(" ");
            switch (words[0]) {
                case "!" -> {
                    if (words.length > 3 && words[1].equals("ipvsadm") && !words[2].startsWith("-L")) {
                        change(request.substring("! ipvsadm ".length()).split(" "));
                    }
                }
                case "P", "X" -> packet(words);
                case "F", "R" -> close(words[1]);
                default -> {}
            }
        }
    }

    private void change(String[] words) {
        String service = words[1].equals("-f") ? MARKED : words[2];
        if (words[0].equals("-A")) {
            services.put(service, service(words));
            return;
        }
        String server = "";
        int weight = 1;
        int upper = 0;
        int lower = 0;
        for (int i = 3; i < words.length; i++) {
            switch (words[i]) {
                case "-r" -> server = words[++i];
                case "-w" -> weight = Integer.parseInt(words[++i]);
                case "-x" -> upper = Integer.parseInt(words[++i]);
                case "-y" -> lower = Integer.parseInt(words[++i]);
                default -> {}
            }
        }
        AddressPort address = AddressPort.parse(server).get();
        ServiceModel model = services.get(service);
        switch (words[0]) {
            case "-a" -> model.add(address, weight, upper, lower);
            case "-e" -> model.edit(address, weight, upper, lower);
            case "-d" -> model.delete(address);
            default -> throw new AssertionError(String.join(" ", words));
        }
    }

    private static ServiceModel service(String[] words) {
        String scheduler = "";
        boolean persistent = false;
        boolean onePacket = false;
        String flags = "";
        int netmask = -1;
        for (int i = 3; i < words.length; i++) {
            switch (words[i]) {
                case "-s" -> scheduler = words[++i];
                case "-p" -> persistent = true;
                case "-M" -> netmask = IpAddress.of(words[++i]).v4Bits();
                case "-b" -> flags = words[++i];
                case "-o" -> onePacket = true;
                default -> {}
            }
        }
        return new ServiceModel(
                scheduler,
                new SchedulerOptions(flags.contains("fallback"), flags.contains("port"), false),
                persistent,
                netmask,
                onePacket);
    }

    /** The answer to a request: the next line that begins with its id. */
    private String answer(String id) {
        while (!recording.answers().get(answer).startsWith(id + " ")) {
            answer++;
        }
        return recording.answers().get(answer++).substring(id.length() + 1);
    }

    private void close(String id) {
        answer(id);
        ConnectionModel connection = byId.get(id);
        if (connection != null && connection.open && connection.server.present) {
            connection.open = false;
            connection.server.closed();
        }
    }

    private void packet(String[] words) {
        String id = words[1];
        boolean local = words[2].equals("local");
        Protocol protocol = Protocol.parse(words[3]).get();
        IpAddress source = IpAddress.of(words[4]);
        int sourcePort = Integer.parseInt(words[5]);
        IpAddress destination = IpAddress.of(words[6]);
        int port = Integer.parseInt(words[7]);
        boolean syn = protocol != Protocol.TCP || !String.join(" ", words).contains("flags=");
        String given = answer(id);
        String tuple = words[3] + " " + source + " " + sourcePort + " " + destination + " " + port;
        ConnectionModel known = connections.get(tuple);
        ServiceModel service =
                services.getOrDefault(new AddressPort(destination, port).toString(), services.get(MARKED));
        boolean bound = !destination.equals(IpAddress.of("10.96.0.99"));
        if (service == null || !local && !bound || sourcePort == 20 || known == null && !syn) {
            expect(words, given, "", "not scheduled");
            tally.untouched++;
            return;
        }
        if (known != null && known.server.present && !(syn && known.server.weight == 0) && !service.onePacket) {
            expect(words, given, shown(known.server.address, port), "existing connection");
            return;
        }
        if (known != null && !syn) {
            expect(words, given, "", "its server is gone");
            return;
        }
        schedule(words, service, new Flow(source, sourcePort, destination), tuple, given, port);
    }

    private void schedule(String[] words, ServiceModel service, Flow flow, String tuple, String given, int port) {
        tally.decisions++;
        RealServerModel kept = service.persistent ? service.template(flow.source()) : ServiceModel.NONE;
        if (kept == ServiceModel.NONE) {
            predict(words, service, flow, given, port, true);
            predict(words, service, flow, given, port, false);
        } else {
            tally.exactOrdered++;
            tally.exactSorted++;
        }
        RealServerModel server = kept == ServiceModel.NONE ? service.schedule(flow) : kept;
        String expected = server == ServiceModel.NONE ? "nobody" : shown(server.address, port);
        if (expect(words, given, expected, "scheduled")) {
            tally.stepped++;
        }
        if (server != ServiceModel.NONE) {
            server.bound();
            ConnectionModel connection = new ConnectionModel(server);
            connections.put(tuple, connection);
            byId.put(words[1], connection);
            if (service.persistent) {
                service.keep(flow.source(), server);
            }
        }
    }

    /** What a listing tells must hold what the kernel did. */
    private void predict(String[] words, ServiceModel service, Flow flow, String given, int port, boolean ordered) {
        List<RealServerModel> listed = new ArrayList<>(service.servers);
        if (!ordered) {
            listed.sort(Comparator.comparing(server -> server.address));
        }
        Choice choice = service.predict(flow, listed, ordered);
        String got = outcome(given);
        boolean holds = choice.candidates()
                .exists(candidate -> got.equals(
                        candidate.server() < 0 ? "nobody" : shown(listed.get(candidate.server()).address, port)));
        if (!holds) {
            tally.wrong.add(recording.name() + " " + String.join(" ", words) + ": " + given + ", not in " + choice
                    + (ordered ? "" : " (sorted)"));
        } else if (choice.certainty() == Choice.Certainty.EXACT) {
            tally.exactOrdered += ordered ? 1 : 0;
            tally.exactSorted += ordered ? 0 : 1;
        } else {
            tally.setOrdered += ordered ? 1 : 0;
            tally.setSorted += ordered ? 0 : 1;
        }
    }

    private static String shown(AddressPort server, int port) {
        return server.address() + " " + (server.port() == 0 ? port : server.port());
    }

    private boolean expect(String[] words, String given, String expected, String why) {
        boolean same = outcome(given).equals(expected);
        if (!same) {
            tally.wrong.add(recording.name() + " " + String.join(" ", words) + " (" + why + "): expected '" + expected
                    + "', kernel: " + given);
        }
        return same;
    }

    /** The server a packet went to; {@code nobody} where it was refused, empty where IPVS did not take it. */
    private static String outcome(String given) {
        String[] words = given.split(" ");
        if (words[0].startsWith("SENDERR")) {
            words = given.substring(given.indexOf(" ICMP ") < 0 ? 0 : given.indexOf(" ICMP ") + 1)
                    .split(" ");
        }
        if (words[0].equals("ICMP")) {
            return "nobody";
        }
        return words[0].equals("OUT") && words[1].startsWith("pod") ? words[5] + " " + words[6] : "";
    }
}
