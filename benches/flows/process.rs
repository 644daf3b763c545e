//! What the system says about a process.

use std::fs;
use std::time::Duration;

use crate::fault::Fault;

/// Linux counts processor time in hundredths of a second, whatever the kernel's own tick is.
const TICK: Duration = Duration::from_millis(10);

/// Processor time of a process, in user mode and in the kernel.
pub fn cpu(pid: u32) -> Result<Duration, Fault> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name, in parentheses, may hold spaces: fields are counted from behind it.
    let (_, fields) = stat.rsplit_once(')').ok_or("/proc stat of another form")?;
    let mut fields = fields.split_ascii_whitespace().skip(11);
    let mut ticks = || fields.next().ok_or("/proc stat of another form")?.parse::<u32>().map_err(Fault::from);
    Ok(TICK * (ticks()? + ticks()?))
}

/// Memory of a process, in MiB.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    /// What is resident.
    pub resident: f64,
    /// Of that, what is not the program itself and other files.
    pub anonymous: f64,
    /// The most that was ever resident.
    pub peak: f64,
}

/// Memory of a process.
pub fn memory(pid: u32) -> Result<Memory, Fault> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kib = line.and_then(|line| line.split_ascii_whitespace().next()?.parse::<f64>().ok());
        kib.map(|kib| kib / 1024.0).ok_or("/proc status of another form")
    };
    Ok(Memory { resident: field("VmRSS:")?, anonymous: field("RssAnon:")?, peak: field("VmHWM:")? })
}
