//! The subcommands of `cargo xtask`.
