// Owns the checksum rules of the other tools, each as its own source has it (docs/switching.md).
#include "turnstone/core/foreign_checksum.hpp"

#include <algorithm>

namespace turnstone::core {

namespace {

std::string with_line_ends(std::string_view bytes, std::string_view end) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (bytes[i] == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n')
            continue;
        if (bytes[i] == '\n')
            text += end;
        else
            text += bytes[i];
    }
    return text;
}

// Prisma takes the sums of both kinds of line ends for its own, and those that were written without leading
// zeros (schema-connector, checksum.rs).
bool is_prisma_sum(const std::string &sum, std::string_view bytes) {
    const auto unpadded = [](const std::string &hex) {
        std::string text;
        for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
            text += hex[i] == '0' ? hex.substr(i + 1, 1) : hex.substr(i, 2);
        return text;
    };
    for (const std::string &variant :
         {std::string(bytes), with_line_ends(bytes, "\n"), with_line_ends(bytes, "\r\n")}) {
        const std::string hex = sha256_hex(variant);
        if (sum == hex || sum == unpadded(hex))
            return true;
    }
    return false;
}

// Supabase keeps the statements themselves: all of them stand in the file, in order.
bool holds_statements(std::string_view bytes, std::string_view statements) {
    constexpr char separator = '\x1f';
    std::size_t place = 0;
    for (std::size_t start = 0; start < statements.size();) {
        const std::size_t end = std::min(statements.find(separator, start), statements.size());
        const std::string_view statement = statements.substr(start, end - start);
        place = bytes.find(statement, place);
        if (place == std::string_view::npos)
            return false;
        place += statement.size();
        start = end + 1;
    }
    return true;
}

} // namespace

std::optional<bool> has_foreign_checksum(ForeignTool tool, const ForeignRow &row, const OwnScript &script) {
    if (row.checksum.empty())
        return std::nullopt;
    using enum ForeignTool;
    switch (tool) {
    case flyway: {
        const bool same = std::to_string(flyway_checksum(script.bytes)) == row.checksum;
        if (!same && script.kind == MigrationKind::repeatable && script.bytes.find("${") != std::string::npos)
            return std::nullopt; // of the text in which values stand for the placeholders
        return same;
    }
    case prisma:
        return is_prisma_sum(row.checksum, script.bytes);
    case drizzle:
        return sha256_hex(script.bytes) == row.checksum;
    case sqlx:
        return script.sha384 == row.checksum;
    case postgrator:
        return script.md5 == row.checksum;
    case sqitch:
        return sha1_hex(script.bytes) == row.checksum;
    case graphile_migrate:
    case atlas:
        return script.foreign_id.empty() ? std::nullopt
                                         : std::optional<bool>(script.foreign_id == row.checksum);
    case omnigres:
        return script.bytes == row.checksum;
    case supabase:
        return holds_statements(script.bytes, row.checksum);
    default:
        return std::nullopt;
    }
}

} // namespace turnstone::core
