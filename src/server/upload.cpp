// Owns what a client that reads the folder itself needs: which texts are registered, and the registering of
// one entry of a folder as migrate_load() would register it.
#include <fmt/format.h>

#include "turnstone/core/error.hpp"
#include "turnstone/core/folder_entry.hpp"

#include "turnstone/server/functions.hpp"
#include "turnstone/server/raii.hpp"
#include "turnstone/server/registry.hpp"
#include "turnstone/server/settings.hpp"
#include "turnstone/server/sql.hpp"
#include "turnstone/server/table_scan.hpp"
#include "turnstone/server/text.hpp"

namespace turnstone::server {

Datum upload(FunctionCallInfo fcinfo) {
    for (const auto &[number, argument] :
         {std::pair{0, "format"}, std::pair{1, "entry"}, std::pair{2, "script"}}) {
        if (PG_ARGISNULL(number))
            throw core::Error(core::ErrorCode::wrong_state,
                              fmt::format("argument \"{}\" must not be null", argument));
    }
    const std::string name = bytes_argument(fcinfo, 0);
    const auto format = core::parse_format(name);
    if (!format)
        throw core::Error(core::ErrorCode::undefined, fmt::format("format \"{}\" is unknown", name));
    const core::FolderMigration migration =
        core::read_entry(to_utf8(bytes_argument(fcinfo, 1)), bytes_argument(fcinfo, 2),
                         PG_ARGISNULL(3) ? std::string{} : bytes_argument(fcinfo, 3));
    const Registered one = register_entry(*format, migration);
    ResultRows result(fcinfo);
    result.put({one.version, one.name, one.status});
    return static_cast<Datum>(0);
}

namespace {

constexpr int width = 8;

// One of migrate_registered()'s rows.
struct RegisteredRow {
    Datum values[width];
    bool nulls[width];
};

struct RegisteredRows {
    RegisteredRow *rows;
    std::size_t count;
    std::size_t space;
};

Datum in_own_memory(Datum text) {
    return PointerGetDatum(PG_DETOAST_DATUM_COPY(text));
}

constexpr const char *dependency_names[] = {"requirements", "conflicts", "tags"};

struct RegisteredColumns {
    int texts[width]; // those that go into the row as they are; 0 for the others
    int placeholders;
    int dependencies[lengthof(dependency_names)];

    explicit RegisteredColumns(const TableScan &migrations)
        : texts{migrations.column("version"),    migrations.column("name"),
                migrations.column("kind"),       migrations.column("format"),
                migrations.column("checksum"),   0,
                migrations.column("foreign_id"), 0},
          placeholders(migrations.column("placeholders")) {
        for (std::size_t i = 0; i < lengthof(dependency_names); ++i)
            dependencies[i] = migrations.column(dependency_names[i]);
    }
};

constexpr int format_column = 3;
constexpr int stale_column = 5;
constexpr int dependencies_column = 7;

// As JSON; null where there are none.
char *dependencies_of(const TableScan &migrations, const RegisteredColumns &columns) {
    bool any = false;
    for (const int column : columns.dependencies)
        any = any || ARR_NDIM(DatumGetArrayTypeP(migrations.value(column))) > 0;
    if (!any)
        return nullptr;
    StringInfoData document;
    initStringInfo(&document);
    for (std::size_t i = 0; i < lengthof(dependency_names); ++i) {
        const Datum list = migrations.value(columns.dependencies[i]);
        appendStringInfo(&document, "%s\"%s\" : %s", i == 0 ? "{" : ", ", dependency_names[i],
                         TextDatumGetCString(OidFunctionCall1(F_ARRAY_TO_JSON_ANYARRAY, list)));
    }
    appendStringInfoChar(&document, '}');
    return document.data;
}

void put_row(const TableScan &migrations, const RegisteredColumns &columns, bool placeholders,
             RegisteredRow &row) {
    for (int column = 0; column < width; ++column) {
        if (columns.texts[column] > 0)
            row.values[column] = in_own_memory(migrations.value(columns.texts[column]));
    }
    const bool native =
        strcmp(TextDatumGetCString(row.values[format_column]), core::format_name(core::Format::native)) == 0;
    const bool has = DatumGetBool(migrations.value(columns.placeholders));
    row.values[stale_column] = BoolGetDatum(native && has != placeholders);
    const char *dependencies = dependencies_of(migrations, columns);
    row.nulls[dependencies_column] = dependencies == nullptr;
    if (dependencies != nullptr)
        row.values[dependencies_column] = CStringGetTextDatum(dependencies);
}

int by_version(const void *left, const void *right) {
    return DatumGetInt32(DirectFunctionCall2Coll(bttextcmp, C_COLLATION_OID,
                                                 static_cast<const RegisteredRow *>(left)->values[0],
                                                 static_cast<const RegisteredRow *>(right)->values[0]));
}

// A leaf.
RegisteredRows read_registered(bool placeholders) {
    CommandCounterIncrement();
    const Snapshot snapshot = RegisterSnapshot(GetLatestSnapshot());
    const TableScan migrations("migration", snapshot);
    const RegisteredColumns columns(migrations);
    RegisteredRows found{nullptr, 0, 1024};
    found.rows = static_cast<RegisteredRow *>(palloc(found.space * sizeof(RegisteredRow)));
    while (migrations.next()) {
        if (found.count == found.space) {
            found.space *= 2;
            found.rows =
                static_cast<RegisteredRow *>(repalloc_huge(found.rows, found.space * sizeof(RegisteredRow)));
        }
        RegisteredRow &row = found.rows[found.count++];
        row = RegisteredRow{};
        put_row(migrations, columns, placeholders, row);
    }
    migrations.close();
    UnregisterSnapshot(snapshot);
    qsort(found.rows, found.count, sizeof(RegisteredRow), by_version);
    return found;
}

} // namespace

// Every run of the client begins with this. The bytes of the scripts are not read.
Datum registered(FunctionCallInfo fcinfo) {
    const MemoryScope memory;
    const bool placeholders = settings::placeholders();
    pg([&] {
        InitMaterializedSRF(fcinfo, 0);
        const auto *result = reinterpret_cast<ReturnSetInfo *>(fcinfo->resultinfo);
        const RegisteredRows found = read_registered(placeholders);
        for (std::size_t i = 0; i < found.count; ++i)
            tuplestore_putvalues(result->setResult, result->setDesc, found.rows[i].values,
                                 found.rows[i].nulls);
    });
    return static_cast<Datum>(0);
}

} // namespace turnstone::server
