// Owns how an error is shown.
#include "turnstone/cli/error_report.hpp"

#include <algorithm>
#include <cstdlib>
#include <regex>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "turnstone/core/error.hpp"
#include "turnstone/core/text_position.hpp"

namespace turnstone::cli {

namespace {

using nlohmann::ordered_json;

int number(const std::ssub_match &match) {
    return match.matched ? std::atoi(match.str().c_str()) : 0;
}

// What is told of any failure.
struct Report {
    std::string message;
    std::string sqlstate;
    std::string detail;
    std::string hint;
    std::string context;
    std::string file;
    std::optional<ScriptPlaceInError> place;
    ExitCode code = ExitCode::failed;
};

// What to do next in the client's own words.
std::string in_own_words(std::string text) {
    for (const auto &[call, command] : {std::pair{"CALL migrate_deploy()", "\"turnstone up\""},
                                        std::pair{"CALL migrate_revert()", "\"turnstone down\""}}) {
        for (std::size_t at = text.find(call); at != std::string::npos; at = text.find(call))
            text.replace(at, std::string_view(call).size(), command);
    }
    return text;
}

// The line of the file itself, where the server told no more than its number.
std::string excerpt_of_file(const std::string &bytes, const ScriptPlaceInError &place) {
    std::size_t begin = 0;
    for (int line = 1; line < place.line; ++line) {
        begin = bytes.find('\n', begin);
        if (begin == std::string::npos)
            return {};
        ++begin;
    }
    std::size_t offset = begin;
    for (int column = 1; column < place.column && offset < bytes.size(); ++column)
        offset += static_cast<std::size_t>(core::utf8_character_length(bytes.data() + offset));
    return core::excerpt(bytes, std::min(offset, bytes.size()));
}

Report of_server(const ServerError &error, const LocalFolder *folder) {
    Report report{error.what(),
                  error.sqlstate(),
                  error.detail(),
                  in_own_words(error.hint()),
                  error.context(),
                  {},
                  {},
                  {}};
    report.code = error.is_cancel() ? ExitCode::interrupted : ExitCode::failed;
    if (report.sqlstate == "42883" && report.message.find("migrate_") != std::string::npos)
        report.hint =
            "The extension in the database is older than this client: ALTER EXTENSION turnstone UPDATE.";
    if (report.message.find("was edited after it had been applied") != std::string::npos)
        report.hint =
            "Restore the text that was applied and put the change into a new migration (turnstone new); or "
            "undo "
            "it and apply the new text (turnstone redo, where it is the newest); or accept the new text "
            "without running it (turnstone repair VERSION).";
    std::string rest;
    report.place = place_in_context(error.context(), rest);
    if (report.place)
        report.context = in_own_words(rest);
    else if ((report.place = place_in_message(error.what(), rest)))
        report.message = rest;
    if (!report.place)
        return report;
    const core::FolderMigration *migration = folder == nullptr ? nullptr : folder->find(report.place->name);
    report.file = migration == nullptr ? report.place->name : folder->path_of(*migration, report.place->down);
    if (migration != nullptr && report.place->line > 0 && report.place->excerpt.empty())
        report.place->excerpt =
            excerpt_of_file(report.place->down && !migration->down_bytes.empty() ? migration->down_bytes
                                                                                 : migration->up_bytes,
                            *report.place);
    return report;
}

Report of_any(const std::exception &failure, const LocalFolder *folder) {
    if (const auto *error = dynamic_cast<const ServerError *>(&failure))
        return of_server(*error, folder);
    Report report;
    report.message = failure.what();
    if (const auto *own = dynamic_cast<const Failure *>(&failure)) {
        report.code = own->code();
        report.detail = own->detail();
        report.hint = own->hint();
    } else if (const auto *error = dynamic_cast<const core::Error *>(&failure)) {
        report.detail = error->detail();
        report.hint = error->hint();
        report.code = ExitCode::malformed;
    }
    return report;
}

ordered_json as_json(const Report &report) {
    ordered_json error{{"message", report.message}};
    const auto add = [&](const char *key, const std::string &text) {
        if (!text.empty())
            error[key] = text;
    };
    add("sqlstate", report.sqlstate);
    add("detail", report.detail);
    add("hint", report.hint);
    add("file", report.file);
    if (report.place) {
        add("script", report.place->name);
        if (report.place->line > 0) {
            error["direction"] = report.place->down ? "down" : "up";
            error["line"] = report.place->line;
            error["column"] = report.place->column;
        }
        if (report.place->statement > 0)
            error["statement"] = report.place->statement;
        add("excerpt", report.place->excerpt);
    }
    add("context", report.context);
    error["exit_code"] = static_cast<int>(report.code);
    return ordered_json{{"error", std::move(error)}};
}

} // namespace

std::optional<ScriptPlaceInError> place_in_context(const std::string &context, std::string &rest) {
    static const std::regex pattern(
        R"re((?:^|\n)(?:migration|versioned|repeatable|baseline|seed|hook) "([^"\n]+)"(?: \((up|down)\))?, (?:statement (\d+), )?line (\d+), column (\d+):\n([^\n]*\n[^\n]*)\n?)re");
    std::smatch match;
    if (!std::regex_search(context, match, pattern))
        return std::nullopt;
    rest = match.prefix().str();
    if (!rest.empty() && match.suffix().length() > 0)
        rest += '\n';
    rest += match.suffix().str();
    return ScriptPlaceInError{match[1].str(),   match[2].str() == "down", number(match[3]),
                              number(match[4]), number(match[5]),         match[6].str()};
}

std::optional<ScriptPlaceInError> place_in_message(const std::string &message, std::string &rest) {
    static const std::regex pattern(
        R"re(^script "([^"]+)": (down file: )?(?:line (\d+)(?:, column (\d+))?: )?([^]*)$)re");
    static const std::regex of_the_whole(R"re(^script "([^"]+)" was edited [^]*$)re");
    std::smatch match;
    if (std::regex_match(message, match, of_the_whole)) {
        rest = message;
        return ScriptPlaceInError{match[1].str(), false, 0, 0, 0, {}};
    }
    if (!std::regex_match(message, match, pattern))
        return std::nullopt;
    rest = match[5].str();
    return ScriptPlaceInError{
        match[1].str(), match[2].matched, 0, number(match[3]), std::max(number(match[4]), 1), {}};
}

ExitCode report_failure(const Output &output, const std::exception &failure, const LocalFolder *folder) {
    const Report report = of_any(failure, folder);
    if (output.json) {
        output.document(as_json(report));
        return report.code;
    }
    std::string where = report.file;
    if (report.place && report.place->line > 0)
        where += fmt::format(":{}:{}", report.place->line, report.place->column);
    std::string text = where.empty() ? "" : output.painted_note(where + ": ", Colour::bold);
    text += output.painted_note("error: ", Colour::red) + report.message;
    if (!report.sqlstate.empty())
        text += output.painted_note(fmt::format(" (SQLSTATE {})", report.sqlstate), Colour::faint);
    if (report.place && !report.place->excerpt.empty())
        text += "\n" + report.place->excerpt;
    for (const auto &[title, body] : {std::pair{"detail: ", &report.detail},
                                      std::pair{"hint: ", &report.hint}, std::pair{"", &report.context}}) {
        if (!body->empty())
            text += "\n" + (*title == '\0' ? "" : output.painted_note(title, Colour::yellow)) + *body;
    }
    fmt::print(stderr, "{}\n", text);
    return report.code;
}

} // namespace turnstone::cli
