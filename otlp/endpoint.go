package otlp

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// Signal is a kind of what is sent.
type Signal uint8

const (
	Traces Signal = iota
	Logs
	Metrics
	signalCount
)

// String returns the signal as the paths of endpoints spell it.
func (s Signal) String() string { return [...]string{"traces", "logs", "metrics"}[s] }

// Endpoint is where one signal is sent to, and how.
type Endpoint struct {
	URL     string // http or https
	Socket  string // the path of the unix socket that is dialled instead; empty: none
	Headers [][2]string
	Timeout time.Duration // of one request
	Plain   bool          // not compressed
	TLS     *tls.Config   // nil: as the system has it
}

// FromEnvironment is the address that stands for what the variables say.
const FromEnvironment = "env"

// defaultTimeout is how long a request may take (OTEL_EXPORTER_OTLP_TIMEOUT).
const defaultTimeout = 10 * time.Second

// Endpoints returns where each signal is sent to: to addr, which is http://host:port,
// https://host or unix:///path, or to what the variables of OpenTelemetry name. What else
// those say of the way is heeded in either case, but for the protocol, which may be that of
// the command that we run.
func Endpoints(addr string, getenv func(string) string) (all [signalCount]Endpoint, err error) {
	for s := range signalCount {
		if all[s], err = endpoint(s, addr, variables{s, getenv}); err != nil {
			return all, err
		}
	}
	return all, nil
}

// variables are those of OpenTelemetry for a signal (OpenTelemetry Protocol Exporter).
type variables struct {
	signal Signal
	getenv func(string) string
}

// get returns the value of a variable, that for the signal alone first, and its name.
func (v variables) get(name string) (value, from string) {
	for _, from := range []string{"OTEL_EXPORTER_OTLP_" + strings.ToUpper(v.signal.String()) + "_" + name, "OTEL_EXPORTER_OTLP_" + name} {
		if value := v.getenv(from); value != "" {
			return value, from
		}
	}
	return "", ""
}

// endpoint returns that of a signal.
func endpoint(s Signal, addr string, v variables) (e Endpoint, err error) {
	from := "--otlp"
	whole := false // the path is not to be added to
	if addr == FromEnvironment {
		if protocol, from := v.get("PROTOCOL"); protocol != "" && protocol != "http/protobuf" {
			return e, fmt.Errorf("%s %s: only http/protobuf is spoken (--otlp URL says where)", from, protocol)
		}
		if addr, from = v.get("ENDPOINT"); addr == "" {
			return e, errors.New("--otlp env: OTEL_EXPORTER_OTLP_ENDPOINT is not set")
		}
		whole = from != "OTEL_EXPORTER_OTLP_ENDPOINT"
	}
	if err := e.address(addr, s, whole); err != nil {
		return e, fmt.Errorf("%s %w", from, err)
	}
	return e, e.configure(v)
}

// address sets where it is.
func (e *Endpoint) address(addr string, s Signal, whole bool) error {
	u, err := url.Parse(addr)
	switch {
	case err != nil:
		return fmt.Errorf("%q: not an address such as http://127.0.0.1:4318", withoutUser(addr))
	case u.Scheme == "unix" && u.Host == "" && u.Path != "":
		e.Socket, u = u.Path, &url.URL{Scheme: "http", Host: "localhost"}
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return fmt.Errorf("%q: not an address such as http://127.0.0.1:4318, https://host or unix:///path", withoutUser(addr))
	case u.User != nil:
		return fmt.Errorf("%s: no name and password can be in it: OTEL_EXPORTER_OTLP_HEADERS takes them", u.Host)
	case u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("%s: an address without a query", u.Host)
	}
	if !whole {
		base := strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), "/v1/"+Traces.String())
		u.Path, u.RawPath = base+"/v1/"+s.String(), ""
	}
	e.URL = u.String()
	return nil
}

// withoutUser returns an address without the name and password that may be in it.
func withoutUser(addr string) string {
	if i := strings.LastIndexByte(addr, '@'); i >= 0 {
		return "…" + addr[i:]
	}
	return addr
}

// configure sets how it is spoken to.
func (e *Endpoint) configure(v variables) (err error) {
	value, from := v.get("HEADERS")
	if e.Headers, err = pairs(value); err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	for _, h := range e.Headers {
		if !isHeader(h[0], h[1]) {
			return fmt.Errorf("%s: %q is no header, or its value cannot be sent", from, h[0])
		}
	}
	e.Timeout = defaultTimeout
	if value, from := v.get("TIMEOUT"); value != "" {
		ms, err := strconv.ParseUint(value, 10, 31)
		if err != nil || ms == 0 {
			return fmt.Errorf("%s %q: not a number of milliseconds", from, value)
		}
		e.Timeout = time.Duration(ms) * time.Millisecond
	}
	switch value, from := v.get("COMPRESSION"); value {
	case "", "gzip":
	case "none":
		e.Plain = true
	default:
		return fmt.Errorf("%s %q: gzip or none", from, value)
	}
	e.TLS, err = v.tls()
	return err
}

// isHeader reports whether a header can be sent (RFC 9110, section 5).
func isHeader(name, value string) bool {
	for i := range len(name) {
		if !wire.IsTokenChar(name[i]) {
			return false
		}
	}
	for i := range len(value) {
		if value[i] < ' ' && value[i] != '\t' || value[i] == 0x7f {
			return false
		}
	}
	return name != ""
}

// tls returns how certificates are checked and shown; nil: as usual.
func (v variables) tls() (*tls.Config, error) {
	ca, from := v.get("CERTIFICATE")
	key, keyFrom := v.get("CLIENT_KEY")
	cert, _ := v.get("CLIENT_CERTIFICATE")
	if ca+key+cert == "" {
		return nil, nil
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if ca != "" {
		pem, err := os.ReadFile(ca)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", from, err)
		}
		if c.RootCAs = x509.NewCertPool(); !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s: %s has no certificate", from, ca)
		}
	}
	switch {
	case key == "" && cert == "":
	case key == "" || cert == "":
		return nil, errors.New("OTEL_EXPORTER_OTLP_CLIENT_KEY and _CLIENT_CERTIFICATE go together")
	default:
		pair, err := tls.LoadX509KeyPair(cert, key)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", keyFrom, err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c, nil
}

// Address returns what is dialled, as addresses of connections are told:
// "tcp://127.0.0.1:4318", "unix:///run/otel.sock".
func (e *Endpoint) Address() string {
	if e.Socket != "" {
		return "unix://" + e.Socket
	}
	u, err := url.Parse(e.URL)
	if err != nil {
		return ""
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return "tcp://" + net.JoinHostPort(u.Hostname(), port)
}

// name is what messages call it: without a path that is usual.
func (e *Endpoint) name() string {
	if e.Socket != "" {
		return "unix://" + e.Socket
	}
	return e.URL
}
