// The definitions of plain indexes: B-trees over columns, as the server would deparse them, without its
// search for the default operator class of each column, which takes most of its time.
#pragma once

#include "turnstone/server/catalog_scan.hpp"

namespace turnstone::server {

// The operator classes that a B-tree takes for a type when none is named.
struct DefaultOperatorClasses {
    struct One {
        Oid type;
        Oid operator_class;
    };
    Array<One> known;

    Oid of(Oid type);
};

// What pg_get_indexdef() gives, or nullptr for an index that is not plain: get_indexdef of ruleutils.c, for
// columns with default operator classes and their own collations. A leaf, with pinned settings.
const char *plain_index_definition(const ScannedIndex &index, const ScannedCatalogs &catalogs,
                                   DefaultOperatorClasses &classes);

} // namespace turnstone::server
