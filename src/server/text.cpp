// Owns what is done with texts by the server's own functions: encodings and checksums.
#include "turnstone/server/text.hpp"

#include <fmt/format.h>

#include "turnstone/core/error.hpp"
#include "turnstone/core/text_position.hpp"

#include "turnstone/server/raii.hpp"

namespace turnstone::server {

std::string from_utf8(const std::string &bytes) {
    const int encoding = GetDatabaseEncoding();
    if (encoding == PG_SQL_ASCII)
        return bytes;
    const int valid = pg_encoding_verifymbstr(PG_UTF8, bytes.data(), static_cast<int>(bytes.size()));
    if (valid < static_cast<int>(bytes.size())) {
        const core::TextPosition position = core::locate(bytes, static_cast<std::size_t>(valid));
        throw core::Error(core::ErrorCode::invalid_text,
                          fmt::format("line {}, column {}: byte 0x{:02x} is not valid UTF-8", position.line,
                                      position.column,
                                      static_cast<unsigned char>(bytes[static_cast<std::size_t>(valid)])),
                          {}, "Save the file as UTF-8.");
    }
    if (encoding == PG_UTF8)
        return bytes;
    const MemoryScope memory;
    return pg([&] { return pg_any_to_server(bytes.c_str(), static_cast<int>(bytes.size()), PG_UTF8); });
}

std::string to_utf8(const std::string &text) {
    const MemoryScope memory;
    return pg([&] { return pg_server_to_any(text.c_str(), static_cast<int>(text.size()), PG_UTF8); });
}

std::string sha256(const std::string &bytes) {
    std::uint8_t digest[PG_SHA256_DIGEST_LENGTH];
    pg([&] {
        pg_cryptohash_ctx *context = pg_cryptohash_create(PG_SHA256);
        if (context == nullptr || pg_cryptohash_init(context) < 0 ||
            pg_cryptohash_update(context, reinterpret_cast<const std::uint8_t *>(bytes.data()),
                                 bytes.size()) < 0 ||
            pg_cryptohash_final(context, digest, sizeof digest) < 0)
            elog(ERROR, "could not compute a SHA-256 checksum");
        pg_cryptohash_free(context);
    });
    std::string text;
    for (const std::uint8_t byte : digest)
        text += fmt::format("{:02x}", byte);
    return text;
}

} // namespace turnstone::server
