// Owns `adopt`: the history of another tool, shown first, then taken over.
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "turnstone/cli/commands.hpp"
#include "turnstone/cli/load.hpp"
#include "turnstone/cli/terminal.hpp"

namespace turnstone::cli {

namespace {

Result ask(Context &context, bool dry_run) {
    const auto &options = context.options;
    const std::string sql = fmt::format("select version, name, verdict, pg_catalog.date_trunc('second', "
                                        "applied_at) as applied_at, applied_by,"
                                        "       detail from {}($1, $2, $3::pg_catalog.regclass, $4)",
                                        context.server().function("migrate_adopt"));
    return context.server().connection().query(
        sql.c_str(),
        {options.target.empty() ? "auto" : options.target, dry_run ? "t" : "f",
         options.name.empty() ? std::nullopt : std::optional(options.name), options.force ? "t" : "f"});
}

Colour colour_of(std::string_view verdict) {
    if (verdict == "exact" || verdict == "named" || verdict == "adopted")
        return Colour::green;
    if (verdict == "assumed" || verdict == "pending" || verdict == "reverted")
        return Colour::yellow;
    return Colour::red;
}

void show(const Output &output, const Result &verdicts) {
    Table table({"version", "name", "verdict", "applied at", "by", "detail"});
    std::map<std::string, int> counts;
    for (int row = 0; row < verdicts.rows(); ++row) {
        const std::string verdict(verdicts.text(row, 2));
        ++counts[verdict];
        table.add({{std::string(verdicts.text(row, 0))},
                   {std::string(verdicts.text(row, 1))},
                   {verdict, colour_of(verdict)},
                   {std::string(verdicts.text(row, 3))},
                   {std::string(verdicts.text(row, 4))},
                   {shortened(verdicts.text(row, 5), 80)}});
    }
    if (!table.empty())
        table.print(output);
    std::string summary;
    for (const auto &[verdict, count] : counts)
        summary += fmt::format("{}{} {}", summary.empty() ? "" : ", ", count, verdict);
    output.line(summary.empty() ? "the other tool has applied nothing" : summary);
}

} // namespace

// One transaction: where nobody says yes the files are not registered either.
ExitCode adopt(Context &context) {
    Transaction transaction(context.server().connection());
    if (!context.options.no_load && context.folder_if_any() != nullptr)
        (void)load_folder(context);
    const Result verdicts = ask(context, true);
    show(context.output, verdicts);
    const bool wanted =
        context.options.yes || (!context.output.json && confirmed("Take over what is certain?"));
    if (wanted) {
        (void)ask(context, false);
        transaction.commit();
    }
    context.output.line(wanted ? "taken over" : "nothing is written; --yes takes it over");
    context.output.document({{"adopted", wanted}, {"verdicts", rows_as_json(verdicts)}});
    return ExitCode::done;
}

} // namespace turnstone::cli
