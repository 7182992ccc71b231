//! A server before a registry, or in its place, that a test tells what to answer.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    /// Path and query.
    pub path: String,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub fn is(&self, method: &str, part: &str) -> bool {
        self.method == method && self.path.contains(part)
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn new(status: u16, body: &str) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
        }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// What is done with a request.
pub enum Act {
    /// The registry answers.
    Forward,
    /// The registry answers, and the answer is changed.
    Edit(Box<dyn Fn(Answer) -> Answer>),
    /// The registry is not asked.
    Answer(Answer),
    /// After a while, the registry answers.
    Slow(Duration),
    /// Half of the registry's answer.
    Cut,
}

/// The server; it ends with the test.
pub struct Proxy {
    pub port: u16,
    log: Arc<Mutex<Vec<Request>>>,
    over: Arc<AtomicBool>,
}

impl Proxy {
    /// A server before a registry, given by its host and port. The script is told each request, and
    /// how many of the same method and path came before.
    pub fn start(
        upstream: &str,
        script: impl Fn(&Request, usize) -> Act + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let log: Arc<Mutex<Vec<Request>>> = Arc::default();
        let over = Arc::new(AtomicBool::new(false));
        let (known, ended) = (Arc::clone(&log), Arc::clone(&over));
        let (upstream, script) = (upstream.to_owned(), Arc::new(script));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let (upstream, log) = (upstream.clone(), Arc::clone(&known));
                let script = Arc::clone(&script);
                let Ok(stream) = stream else { continue };
                std::thread::spawn(move || {
                    let Some(request) = read(&stream) else { return };
                    let before = {
                        let mut log = log.lock().unwrap();
                        let same = |other: &&Request| {
                            other.method == request.method && other.path == request.path
                        };
                        let before = log.iter().filter(same).count();
                        log.push(request.clone());
                        before
                    };
                    let act = script(&request, before);
                    answer(stream, &upstream, &request, act);
                });
            }
        });
        Self { port, log, over }
    }

    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Every request that came.
    pub fn requests(&self) -> Vec<Request> {
        self.log.lock().unwrap().clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut request = Request {
        method,
        path,
        headers,
        body: String::new(),
    };
    let length = request
        .header("content-length")
        .and_then(|length| length.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    request.body = String::from_utf8(body).ok()?;
    Some(request)
}

fn forward(upstream: &str, request: &Request) -> Answer {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let url = format!("http://{upstream}{}", request.path);
    let mut sent = match request.method.as_str() {
        "HEAD" => agent.head(&url),
        _ => agent.get(&url),
    };
    if let Some(accept) = request.header("accept") {
        sent = sent.header("accept", accept);
    }
    // The test may be over, and its registry with it.
    let Ok(mut response) = sent.call() else {
        return Answer::new(502, "");
    };
    let headers = response.headers().iter();
    let headers =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    Answer {
        status: response.status().as_u16(),
        headers: headers
            .filter(|(name, _)| name != "content-length" && name != "connection")
            .collect(),
        body: response.body_mut().read_to_vec().unwrap_or_default(),
    }
}

fn answer(mut stream: TcpStream, upstream: &str, request: &Request, act: Act) {
    let mut cut = false;
    let answer = match act {
        Act::Forward => forward(upstream, request),
        Act::Edit(edit) => edit(forward(upstream, request)),
        Act::Answer(answer) => answer,
        Act::Slow(wait) => {
            std::thread::sleep(wait);
            forward(upstream, request)
        }
        Act::Cut => {
            cut = true;
            forward(upstream, request)
        }
    };
    let mut text = format!("HTTP/1.1 {} x\r\nconnection: close\r\n", answer.status);
    for (name, value) in &answer.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("content-length: {}\r\n\r\n", answer.body.len()));
    let mut bytes = text.into_bytes();
    if request.method != "HEAD" {
        bytes.extend(&answer.body);
    }
    if cut {
        bytes.truncate(bytes.len() / 2);
    }
    // The client may have gone away, which is its right.
    let _ = stream.write_all(&bytes);
}
