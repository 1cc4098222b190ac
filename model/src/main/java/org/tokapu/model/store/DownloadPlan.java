package org.tokapu.model.store;

import java.nio.file.Path;
import java.util.List;

/// What a download will bring, for a user to look at before it starts.
///
/// @param repository where from; its licence says what may be done with the model
/// @param files the chosen files
/// @param folder where to
/// @param missing those of the files that are not there yet
/// @param missingBytes what is still to come, as far as the host says sizes
public record DownloadPlan(
    HubRepository repository,
    List<HubFile> files,
    Path folder,
    List<HubFile> missing,
    long missingBytes) {}
