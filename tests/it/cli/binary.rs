//! The real binary in a folder of its own.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A folder in which commands are run, with nothing of the environment.
pub struct Khue {
    folder: TempDir,
}

/// A command that has ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// A command that serves. Killed when dropped.
pub struct Running {
    child: Child,
    out: BufReader<Box<dyn Read + Send>>,
}

impl Khue {
    /// An empty folder.
    pub fn nowhere() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A production instance, not started.
    pub fn instance() -> Self {
        let khue = Self::nowhere();
        khue.write(
            "khue.toml",
            "[server]\nissuer = \"https://id.example.vn\"\n[database]\nurl = \"sqlite:khue.db\"\n\
             [keys]\nmaster_key_file = \"master.key\"\n",
        );
        khue.run(&["keys", "create-master"]).succeeded();
        khue
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        let output = self.command(arguments).stdin(Stdio::null()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Starts a command that serves, and waits until its output holds `ready`.
    pub fn start(&self, arguments: &[&str], ready: &str) -> Running {
        let logs_are_awaited = arguments.contains(&"serve");
        let mut command = self.command(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        if logs_are_awaited {
            command.stderr(Stdio::piped());
        }
        let mut child = command.spawn().unwrap();
        let out: Box<dyn Read + Send> = match logs_are_awaited {
            true => Box::new(child.stderr.take().unwrap()),
            false => Box::new(child.stdout.take().unwrap()),
        };
        let mut running = Running { child, out: BufReader::new(out) };
        let mut seen = String::new();
        while !seen.contains(ready) {
            assert!(running.out.read_line(&mut seen).unwrap() > 0, "ended before it was ready: {seen}");
        }
        running
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_khue"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        command
    }
}

impl Ran {
    /// It did what was asked.
    #[track_caller]
    pub fn succeeded(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// It ended with `code`, said why, and did not fall over.
    #[track_caller]
    pub fn refused(self, code: i32, why: &str) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        assert!(self.err.contains(why), "{self:?}");
        assert!(!self.err.contains("panicked") && !self.err.contains("RUST_BACKTRACE"), "{self:?}");
        self
    }
}

impl Running {
    /// Asks it to stop as a supervisor does, and gives its exit code.
    pub fn stop(mut self) -> i32 {
        let kill = format!("kill -TERM {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Stopped already, or to be stopped because the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The answer to `GET path` on this machine, head and body.
pub fn get(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The first of `count` ports in a row that nobody uses.
pub fn free_ports(count: u16) -> u16 {
    loop {
        let first = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = first.local_addr().unwrap().port();
        let Some(last) = port.checked_add(count - 1) else { continue };
        if (port + 1..=last).all(|port| TcpListener::bind(("127.0.0.1", port)).is_ok()) {
            return port;
        }
    }
}
