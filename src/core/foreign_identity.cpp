#include "turnstone/core/foreign_identity.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "turnstone/core/format_text.hpp"

namespace turnstone::core {

std::int32_t flyway_checksum(std::string_view bytes) {
    constexpr std::string_view utf8_mark = "\xef\xbb\xbf";
    if (bytes.starts_with(utf8_mark))
        bytes.remove_prefix(utf8_mark.size());
    std::string lines(bytes);
    std::erase_if(lines, [](char c) { return c == '\n' || c == '\r'; });
    return static_cast<std::int32_t>(crc32(lines));
}

std::string graphile_hash(std::string_view body, std::string_view previous_hash) {
    // JavaScript's trim(): also the other blanks of Unicode, which no such text begins or ends with.
    const std::string whole = fmt::format("{}\n{}", previous_hash, trimmed(body));
    return "sha1:" + sha1_hex(fmt::format("{}\n", trimmed(whole)));
}

std::string AtlasSum::add(std::string_view name, std::string_view bytes, bool ignored) {
    files_.add(name);
    if (ignored)
        return {};
    files_.add(bytes);
    std::string sum = base64(files_.bytes());
    lines_.add(name);
    lines_.add(sum);
    return sum;
}

std::string AtlasSum::total() const {
    return base64(lines_.bytes());
}

std::string sqitch_change_id(const SqitchChange &change) {
    std::string info = "project " + change.project;
    const auto line = [&](const char *key, const std::string &value) {
        if (!value.empty())
            info += fmt::format("\n{} {}", key, value);
    };
    const auto list = [&](const char *key, char mark, const std::vector<std::string> &names) {
        if (!names.empty())
            info += fmt::format("\n{}", key);
        for (const std::string &name : names)
            info += fmt::format("\n  {} {}", mark, name);
    };
    line("uri", change.uri);
    line("change", change.name);
    line("parent", change.parent);
    line("planner", change.planner);
    line("date", change.date);
    list("requires", '+', change.requirements);
    list("conflicts", '-', change.conflicts);
    if (!change.note.empty())
        info += "\n\n" + change.note;
    std::string hashed = fmt::format("change {}", info.size());
    hashed += '\0';
    return sha1_hex(hashed + info);
}

namespace foreign_lock {

std::int64_t flyway(std::string_view schema, std::string_view table) {
    constexpr std::int64_t base = 77431708279161;
    std::uint32_t hash = 0; // String.hashCode() of Java, for names in ASCII
    for (const char c : fmt::format("\"{}\".\"{}\"", schema, table))
        hash = hash * 31 + static_cast<unsigned char>(c);
    return base + static_cast<std::int32_t>(hash);
}

std::int64_t golang_migrate(std::string_view schema, std::string_view table, std::string_view database) {
    constexpr std::uint32_t salt = 1486364155;
    std::string name(schema);
    name += '\0';
    name += table;
    name += '\0';
    name += database;
    return static_cast<std::uint32_t>(crc32(name) * salt);
}

std::int64_t sqlx(std::string_view database) {
    constexpr std::int64_t salt = 0x3d32ad9e;
    return salt * static_cast<std::int64_t>(crc32(database));
}

} // namespace foreign_lock

} // namespace turnstone::core
