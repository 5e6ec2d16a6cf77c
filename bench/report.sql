-- The table and the targets, from lines "n, round, what, milliseconds, milliseconds of CPU" in the file :results.
\set QUIET on
SET client_min_messages = error;
CREATE TEMP TABLE result (n int, round int, what text, ms float8, cpu float8);
\set copy 'COPY result FROM ' :'results'
:copy;
-- What a thing is compared with: the loop for what happens in one transaction in the server, a process for a process.
CREATE TEMP TABLE kind (place int, what text, floor text);
INSERT INTO kind VALUES
    (1, 'apply: DO loop', NULL),
    (2, 'apply: turnstone', 'apply: DO loop'),
    (3, 'apply: turnstone, not recorded', 'apply: DO loop'),
    (3, 'apply: psql -1 -f', 'apply: DO loop'),
    (4, 'apply: turnstone, psql process', 'apply: psql -1 -f'),
    (5, 'apply: psql -f, a commit each', 'apply: psql -1 -f'),
    (6, 'apply: dbmate', 'apply: psql -f, a commit each'),
    (7, 'apply: node-pg-migrate', 'apply: psql -f, a commit each'),
    (8, 'apply: drizzle-orm', 'apply: psql -1 -f'),
    (9, 'register: migrate_register', 'apply: turnstone'),
    (10, 'register: migrate_load', 'apply: turnstone'),
    (11, 'register: trivial scripts', NULL),
    (12, 'apply: trivial scripts', NULL),
    (13, 'apply: turnstone, one more', NULL),
    (20, 'no-op: turnstone, first call', NULL),
    (21, 'no-op: turnstone, later call', NULL),
    (21, 'no-op: turnstone, analyzed', NULL),
    (22, 'no-op: turnstone, psql process', NULL),
    (23, 'no-op: dbmate', 'no-op: turnstone, psql process'),
    (24, 'no-op: node-pg-migrate', 'no-op: turnstone, psql process'),
    (25, 'no-op: drizzle-orm', 'no-op: turnstone, psql process'),
    (30, 'status: turnstone', NULL),
    (31, 'status: turnstone, psql process', NULL),
    (32, 'status: dbmate', 'status: turnstone, psql process'),
    (35, 'drift: turnstone, nothing changed', NULL),
    (36, 'drift: turnstone, one table made', NULL),
    (40, 'roll back: DO loop', NULL),
    (41, 'roll back: turnstone', 'roll back: DO loop'),
    (42, 'roll back: node-pg-migrate', 'roll back: DO loop');
CREATE TEMP VIEW ratio AS
    SELECT r.n, r.what, k.floor, min(r.ms) / min(f.ms) AS of_minima,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY r.ms / f.ms) AS in_rounds,
           min(r.cpu) / min(f.cpu) AS of_cpu
      FROM result r JOIN kind k USING (what) JOIN result f ON f.n = r.n AND f.round = r.round AND f.what = k.floor
     GROUP BY r.n, r.what, k.floor;
CREATE TEMP VIEW figure AS
    SELECT n, what, min(ms) AS least, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS middle, min(cpu) AS cpu
      FROM result GROUP BY n, what;
\echo
\echo 'Milliseconds. "ratio" is that of the minima, "in rounds" the median of the ratios within a round.'
\echo '"CPU ms" is what the server process computed (the minimum), "of CPU" the ratio of that: without the disk and the others.'
SELECT figure.n AS "N", what, round(least::numeric, 1) AS "min ms", round(middle::numeric, 1) AS "median ms",
       round(cpu::numeric, 1) AS "CPU ms",
       round(of_minima::numeric, 2) AS ratio, round(in_rounds::numeric, 2) AS "in rounds",
       round(of_cpu::numeric, 2) AS "of CPU", kind.floor AS "ratio to"
  FROM figure JOIN kind USING (what) LEFT JOIN ratio USING (n, what)
 ORDER BY n, place;
\echo
SELECT target, round(limit_value::numeric, 2) AS "at most", round(value::numeric, 2) AS measured,
       CASE WHEN value <= limit_value THEN 'pass' ELSE 'MISS' END AS result
  FROM (
    SELECT 1, n, 'apply N = ' || n || ' in one transaction, x DO loop', 1.10, of_minima FROM ratio WHERE what = 'apply: turnstone'
    UNION ALL
    SELECT 1, n, 'apply N = ' || n || ' in one transaction, x DO loop, CPU only', 1.10, of_cpu FROM ratio
     WHERE what = 'apply: turnstone' AND of_cpu IS NOT NULL
    UNION ALL
    SELECT 1, n, 'apply N = ' || n || ', recorded x not recorded', 1.10, t.least / f.least
      FROM figure f JOIN figure t USING (n) WHERE t.what = 'apply: turnstone' AND f.what = 'apply: turnstone, not recorded'
    UNION ALL
    SELECT 1, n, 'apply N = ' || n || ', recorded x not recorded, CPU only', 1.10, t.cpu / f.cpu
      FROM figure f JOIN figure t USING (n) WHERE t.what = 'apply: turnstone' AND f.what = 'apply: turnstone, not recorded'
       AND t.cpu IS NOT NULL
    UNION ALL
    SELECT 2, n, 'register and parse N = ' || n || ', % of applying', 10, 100 * of_minima FROM ratio
     WHERE what = 'register: migrate_register' AND n >= 1000
    UNION ALL
    SELECT 3, n, 'no-op apply, ' || n || ' applied, ms in the server, ' || split_part(what, ', ', 2),
           CASE WHEN n <= 1000 THEN 3 ELSE 20 END, least
      FROM figure WHERE what IN ('no-op: turnstone, first call', 'no-op: turnstone, later call', 'no-op: turnstone, analyzed') AND n >= 1000
    UNION ALL
    SELECT 4, n, 'apply N = ' || n || ', process, x ' || split_part(f.what, ': ', 2), 1.00, t.least / f.least
      FROM figure f JOIN figure t USING (n)
     WHERE t.what = 'apply: turnstone, psql process' AND f.what IN ('apply: dbmate', 'apply: node-pg-migrate', 'apply: drizzle-orm')
  ) AS targets(place, n, target, limit_value, value)
 ORDER BY place, n, target;
