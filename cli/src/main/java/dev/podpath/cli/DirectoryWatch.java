package dev.podpath.cli;

import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Waits for the files of a directory and of all directories below it to change. */
final class DirectoryWatch implements AutoCloseable {
    /** A file that is being written changes many times; it has come to rest when nothing changed for so long. */
    private static final long REST_MILLIS = 120;

    private static final int MOST_ROUNDS = 50;

    private final Path root;
    private final WatchService service;

    private DirectoryWatch(Path root, WatchService service) {
        this.root = root;
        this.service = service;
    }

    /** Watches from now on. */
    static DirectoryWatch of(Path root) throws IOException {
        DirectoryWatch watch = new DirectoryWatch(root, root.getFileSystem().newWatchService());
        watch.register();
        return watch;
    }

    /** Waits until something changed and came to rest, and tells what; empty where the thread was interrupted. */
    Option<Changes> awaitChange() throws IOException {
        Changes changes = new Changes();
        try {
            taken(service.take(), changes);
            for (int round = 0; round < MOST_ROUNDS; round++) {
                WatchKey more = service.poll(REST_MILLIS, TimeUnit.MILLISECONDS);
                if (more == null) {
                    break;
                }
                taken(more, changes);
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            return Option.none();
        }
        register();
        return Option.some(changes);
    }

    private void taken(WatchKey key, Changes changes) {
        for (WatchEvent<?> event : key.pollEvents()) {
            if (event.context() instanceof Path name && key.watchable() instanceof Path directory) {
                Path changed = root.relativize(directory.resolve(name));
                changes.add(changed.toString().replace('\\', '/'));
            } else {
                // Events were lost.
                changes.addAll();
            }
        }
        if (!key.reset()) {
            changes.addAll();
        }
    }

    /** What changed: files, and directories with all that is below them. */
    static final class Changes {
        private final Set<String> places = new TreeSet<>();
        private boolean all;

        private void add(String place) {
            places.add(place);
        }

        private void addAll() {
            all = true;
        }

        /** Whether what is at a path of the snapshot may have changed. */
        boolean holds(String path) {
            boolean found = all || places.contains(path);
            for (int slash = path.indexOf('/'); slash > 0 && !found; slash = path.indexOf('/', slash + 1)) {
                found = places.contains(path.substring(0, slash));
            }
            return found;
        }
    }

    /** All directories there are now; one that is watched already is not watched twice. */
    private void register() throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                directory.register(
                        service,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (file.equals(root)) {
                    throw e;
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
