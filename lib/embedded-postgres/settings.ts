import "server-only";

/** Chosen for a small machine; whoever needs more has a database of their own (DATABASE_URL). */
const SETTINGS: Record<string, string> = {
  // A plan over all partitions takes one lock for each and each of its indexes; the default of 64 ran out at 30 tails.
  max_locks_per_transaction: "512",
  max_connections: "120",
  shared_buffers: "256MB",
  maintenance_work_mem: "128MB",
  work_mem: "8MB",
  wal_buffers: "16MB",
  // Appends write much WAL: checkpoints by time, not by size.
  max_wal_size: "4GB",
  checkpoint_timeout: "10min",
  fsync: "on",
  // Compiling took longer than any of our statements runs.
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  // Rows hold personal data. Statements, parameters and the DETAIL of an error ("Key (…) already exists") quote them.
  log_min_error_statement: "panic",
  log_parameter_max_length_on_error: "0",
  log_parameter_max_length: "0",
  log_error_verbosity: "terse",
  log_checkpoints: "off",
  // A broken client is the web process's to report.
  log_min_messages: "warning",
  password_encryption: "scram-sha-256",
  listen_addresses: "127.0.0.1",
  unix_socket_permissions: "0700",
};

/** Command-line switches for `postgres`, our settings overridden by `overrides`. */
export function settingSwitches(overrides: Record<string, string> = {}): string[] {
  return Object.entries({ ...SETTINGS, ...overrides }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}
