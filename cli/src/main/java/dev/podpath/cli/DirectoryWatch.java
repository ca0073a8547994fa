package dev.podpath.cli;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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

    /** Waits until something changed and came to rest; false where the thread was interrupted. */
    boolean awaitChange() throws IOException {
        try {
            taken(service.take());
            for (int round = 0; round < MOST_ROUNDS; round++) {
                WatchKey more = service.poll(REST_MILLIS, TimeUnit.MILLISECONDS);
                if (more == null) {
                    break;
                }
                taken(more);
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            return false;
        }
        register();
        return true;
    }

    private static void taken(@Nullable WatchKey key) {
        if (key != null) {
            key.pollEvents();
            key.reset();
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
