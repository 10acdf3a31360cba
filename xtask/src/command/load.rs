//! placeholder
use crate::command::exit::Exit;
use crate::error::Result;
/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Arguments {}
/// Runs.
///
/// # Errors
/// Never.
pub fn run(_: &Arguments) -> Result<Exit> {
    Ok(Exit::Success)
}
