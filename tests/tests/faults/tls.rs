//! TLS of the default transport: which certificates are trusted, and which version of HTTP is spoken.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use intercom_runtime::transport::HttpTransport;
use intercom_runtime::{Client, ClientBuilder};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::{GET, call, clock, send};

/// A server with a certificate of its own, which answers with the version of HTTP that it was spoken to in.
struct TlsServer {
    url: String,
    certificate: String,
    connections: Arc<AtomicUsize>,
}

impl TlsServer {
    async fn start(protocols: &[&str]) -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = connections.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (acceptor, counter) = (acceptor.clone(), counter.clone());
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(socket).await else { return };
                    counter.fetch_add(1, Ordering::SeqCst);
                    let answer = service_fn(|request: http::Request<hyper::body::Incoming>| async move {
                        let body = format!(r#"{{"version":"{:?}"}}"#, request.version());
                        Ok::<_, Infallible>(http::Response::new(Full::new(Bytes::from(body))))
                    });
                    let _ =
                        auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), answer).await;
                });
            }
        });
        Self { url, certificate: made.cert.pem(), connections }
    }

    fn builder(&self) -> ClientBuilder {
        ClientBuilder::for_version("2.15", "faults/1.0").token("sesame").base_url(self.url.clone()).clock(clock())
    }
}

#[tokio::test]
async fn http_2_is_spoken_where_tls_negotiates_it_and_calls_share_a_connection() {
    for (protocols, version, most) in [(&["h2", "http/1.1"][..], "HTTP/2.0", 2), (&["http/1.1"], "HTTP/1.1", 20)] {
        let server = TlsServer::start(protocols).await;
        let transport = HttpTransport::builder().root_certificate(server.certificate.clone()).build().unwrap();
        let client: Client = server.builder().transport(transport).build().unwrap();
        assert_eq!(send(&client, &GET).await.unwrap().0["version"], version);
        let calls: Vec<_> = (0..20).map(|_| tokio::spawn(call(&client, &GET).send_empty())).collect();
        for call in calls {
            call.await.unwrap().unwrap();
        }
        let connections = server.connections.load(Ordering::SeqCst);
        assert!(connections <= most, "{connections} connections for {version}");
    }
}

#[tokio::test]
async fn an_untrusted_certificate_is_refused() {
    let server = TlsServer::start(&["h2"]).await;
    let client: Client = server.builder().build().unwrap();
    let error = send(&client, &GET).await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert_eq!(server.connections.load(Ordering::SeqCst), 0);
}
