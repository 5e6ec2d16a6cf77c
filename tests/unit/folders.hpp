// What the tests of folders share.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "turnstone/core/error.hpp"
#include "turnstone/core/folder.hpp"

namespace turnstone::core {

using Texts = std::vector<std::string>;

inline Texts names_of(const Folder &folder) {
    Texts all;
    for (const FolderMigration &migration : folder.migrations)
        all.push_back(migration.name);
    return all;
}

inline Texts versions_of(const Folder &folder) {
    Texts all;
    for (const FolderMigration &migration : folder.migrations)
        all.push_back(migration.version ? migration.version->text() : "-");
    return all;
}

inline void expect_refusal(const std::vector<SourceFile> &files, std::optional<Format> format, ErrorCode code,
                           std::string_view message, std::string_view detail = {}) {
    try {
        read_folder(files, format);
        ADD_FAILURE() << "accepted, expected: " << message;
    } catch (const Error &error) {
        EXPECT_EQ(error.code(), code) << message;
        EXPECT_EQ(error.message(), message);
        EXPECT_EQ(error.detail(), detail);
    }
}

inline Script script_of(const Folder &folder, std::size_t place, const Variables &variables = {}) {
    return read_migration(folder.format, folder.migrations.at(place), variables);
}

// Each line without the blanks at its end, and the empty ones left out.
inline std::string without_blanks(const std::string &text) {
    std::string result;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string line = text.substr(begin, end - begin);
        const std::size_t first = line.find_first_not_of(" \t\r");
        if (first != std::string::npos)
            result += line.substr(first, line.find_last_not_of(" \t\r") - first + 1) + "\n";
        begin = end + 1;
    }
    return result;
}

// The line, from 1, on which `needle` stands.
inline int line_of(const std::string &text, std::string_view needle) {
    const std::size_t at = text.find(needle);
    EXPECT_NE(at, std::string::npos) << needle;
    return 1 +
           static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

} // namespace turnstone::core
