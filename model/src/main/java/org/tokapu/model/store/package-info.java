/// The models on this machine, and how they get here.
///
/// [ModelStore] is a folder of models by name. [HubDownload] fills it from a host that speaks the
/// Hugging Face Hub's protocol, by the JDK's HTTP client alone:
///
/// | request | answer |
/// |---|---|
/// | `GET /api/models/ORG/REPO/revision/REV?blobs=true` | JSON: `sha` (the commit), `gated`, `cardData.license`, `siblings` of `{rfilename, size, blobId, lfs: {sha256, size}}` |
/// | `GET /ORG/REPO/resolve/COMMIT/FILE` | the file, often behind a redirect to another host; `Range: bytes=N-` resumes |
///
/// Files in Git LFS are checked by their SHA-256, others by their Git blob id: the SHA-1 of `blob
/// SIZE`, a zero byte and the contents. Whatever host, names are checked before they become paths,
/// and the token goes to the host that it is for and to no other.
package org.tokapu.model.store;
