package io.viridian.control;

/**
 * One mapped table.
 *
 * @param state waiting, copying, copied, indexing or done
 * @param verified never, clean or mismatch
 */
public record TableView(
        String source,
        String target,
        String state,
        long rows,
        long estimatedRows,
        long bytes,
        long totalBytes,
        int chunksDone,
        String verified) {}
