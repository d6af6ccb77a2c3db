package alert

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/socktrace/socktrace/internal/httpclient"
)

// sender returns what sends to a target.
func sender(target string) (func(context.Context, []byte) error, error) {
	switch scheme, rest, is := strings.Cut(target, "://"); {
	case target == "":
		return nil, errors.New("no command and no address")
	case is && scheme == "unix":
		socket, path, _ := strings.Cut(rest, ":")
		if !strings.HasPrefix(socket, "/") {
			return nil, fmt.Errorf("%s: no absolute path", target)
		}
		return poster("http://localhost/"+strings.TrimPrefix(path, "/"), httpclient.New(new(http.Transport), socket))
	case is && (scheme == "http" || scheme == "https"):
		return poster(target, httpclient.New(http.DefaultTransport.(*http.Transport).Clone(), ""))
	}
	return func(ctx context.Context, line []byte) error { return run(ctx, target, line) }, nil
}

// poster returns what sends lines to a URL. Errors name its host at most: the rest of the
// address of a hook is a secret.
func poster(to string, client *httpclient.Client) (func(context.Context, []byte) error, error) {
	u, err := url.Parse(to)
	if err != nil || u.Host == "" {
		return nil, errors.New("no address such as https://host/path")
	}
	return func(ctx context.Context, line []byte) error {
		q, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(line))
		if err != nil {
			return err
		}
		q.Header.Set("Content-Type", "application/json")
		p, err := client.Do(q)
		if err != nil {
			return fmt.Errorf("%s: %w", u.Host, err)
		}
		defer p.Body.Close()
		if p.StatusCode/100 != 2 {
			return fmt.Errorf("%s answers %d %s", u.Host, p.StatusCode, http.StatusText(p.StatusCode))
		}
		_, _ = io.CopyN(io.Discard, p.Body, 64<<10) // so that the connection is used again
		return nil
	}, nil
}

// run gives a line to a command.
func run(ctx context.Context, command string, line []byte) error {
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	if runtime.GOOS == "windows" {
		cmd = exec.CommandContext(ctx, "cmd", "/C", command)
	}
	cmd.Stdin = bytes.NewReader(line)
	cmd.WaitDelay = time.Second
	apart(cmd)
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return fmt.Errorf("%s: %w", command, err)
	}
	return nil
}
