// Owns what of a verify script is run, and what is refused.
#include "turnstone/cli/verify_script.hpp"

#include <fmt/format.h>

#include "turnstone/core/sql_lines.hpp"
#include "turnstone/core/sql_statements.hpp"

namespace turnstone::cli {

namespace {

using core::SqlStatement;

bool begins(const SqlStatement &statement) {
    return statement.has_at(0, "begin") ||
           (statement.has_at(0, "start") && statement.has_at(1, "transaction"));
}

bool commits(const SqlStatement &statement) {
    return statement.has_at(0, "commit") || statement.has_at(0, "end");
}

// To a savepoint is within the transaction.
bool rolls_back(const SqlStatement &statement) {
    return statement.has_at(0, "abort") ||
           (statement.has_at(0, "rollback") && !statement.has_at(1, "to") && !statement.has_at(2, "to"));
}

bool is_of_two_phases(const SqlStatement &statement) {
    return (statement.has_at(0, "prepare") && statement.has_at(1, "transaction")) ||
           ((commits(statement) || rolls_back(statement)) && statement.has_at(1, "prepared"));
}

bool copies_to_the_client(const SqlStatement &statement) {
    return statement.has_at(0, "copy") && (statement.has("stdin") || statement.has("stdout"));
}

} // namespace

std::vector<VerifyStep> read_verify_script(std::string_view text, bool standard_conforming_strings) {
    const core::PsqlParts parts = core::psql_parts(text, standard_conforming_strings);
    if (!parts.commands.empty()) {
        const core::MetaCommand &command = parts.commands.front();
        throw VerifyRefused(command.offset, fmt::format("psql's {} is not carried out", command.name),
                            core::meta_command_hint(command.name));
    }
    const std::vector<SqlStatement> statements = core::sql_statements(parts.sql, standard_conforming_strings);
    std::vector<VerifyStep> steps;
    for (const SqlStatement &statement : statements) {
        const auto refuse = [&](const char *message) {
            throw VerifyRefused(statement.begin, message,
                                "A verify script looks and leaves nothing: Sqitch's own end with ROLLBACK.");
        };
        auto kind = VerifyStep::Kind::statement;
        if (is_of_two_phases(statement))
            refuse("a verify script cannot have prepared transactions");
        else if (copies_to_the_client(statement))
            refuse("a verify script cannot copy from or to the client");
        else if (commits(statement)) {
            if (&statement != &statements.back())
                refuse("a verify script cannot commit");
            continue;
        } else if (begins(statement))
            kind = VerifyStep::Kind::begin;
        else if (rolls_back(statement))
            kind = VerifyStep::Kind::rollback;
        steps.push_back({kind, statement.begin, statement.end});
    }
    return steps;
}

} // namespace turnstone::cli
