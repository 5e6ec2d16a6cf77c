// Any bytes as what other tools keep beside and inside of their scripts: Sqitch's plan and configuration,
// Atlas's directives and archives, the headers of graphile-migrate, Liquibase and Alembic, and variables.
#include <string>

#include "input.hpp"
#include "turnstone/core/error.hpp"
#include "turnstone/core/folder_layouts.hpp"
#include "turnstone/core/foreign_identity.hpp"
#include "turnstone/core/format_readers.hpp"
#include "turnstone/core/format_text.hpp"
#include "turnstone/core/format_variables.hpp"
#include "turnstone/core/sqitch_plan.hpp"

using namespace turnstone::core;
using turnstone::fuzz::require;

namespace {

template <class Body>
void endure(const Body &body) {
    try {
        body();
    } catch (const Error &error) {
        require(error.code() != ErrorCode::internal && !error.message().empty());
    }
}

void read_plans(std::string_view text) {
    endure([&] {
        for (const SqitchPlannedChange &change : read_sqitch_plan(text, "sqitch.plan").changes)
            require(!change.name.empty() && change.line >= 1 && change.id.size() == 40);
    });
    endure([&] { read_sqitch_layout(text, "sqitch.conf"); });
}

void read_heads(std::string_view text) {
    for (const AtlasDirective &directive : atlas_directives(text))
        require(directive.line >= 1);
    for (const AtlasPart &part : atlas_parts(text))
        require(part.begin <= part.end && part.end <= text.size());
    require(graphile_header(text).body <= text.size());
    has_graphile_header(text);
    is_dump(text);
    endure([&] { require(liquibase_without_ignored_lines(text).size() == text.size()); });
    for (const TextLine &line : lines_of(text)) {
        if (const auto step = alembic_step(line.text))
            require(!step->from.empty() || !step->to.empty());
        is_alembic_bookkeeping(line.text);
        endure([&] {
            if (const auto changeset = liquibase_changeset(line.text, line.number))
                require(!changeset->author.empty() && !changeset->id.empty());
        });
        liquibase_comment(line.text, "rollback");
        liquibase_is_for_postgresql(line.text);
        is_meant_for_flyway(line.text);
        pair_name(line.text);
        postgrator_name(line.text);
        milliseconds_of_stamp(line.text);
    }
    for (const auto has :
         {has_goose_annotation, has_dbmate_annotation, has_native_annotation, has_sqlx_annotation,
          has_atlas_directive, has_node_pg_migrate_marker, has_alembic_step, has_liquibase_head})
        has(text);
}

void put_in_variables(std::string_view text) {
    static const Variables variables{{"A", "1"}, {"B", ""}, {"DATABASE_NAME", "${A}"}};
    endure([&] { substitute_envsub(text, variables, 1); });
    endure([&] { substitute_placeholders(text, variables); });
    endure([&] { substitute_graphile(text, variables); });
    substitute_known(text, variables);
    require(substitute_known(text, {}) == text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    read_plans(text);
    read_heads(text);
    put_in_variables(text);
    flyway_checksum(text);
    require(unescaped(text, "nrt\\").size() <= size);
    return 0;
}
