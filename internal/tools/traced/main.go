// Command traced is a client of the Docker API that traces itself, as services do: moby's
// client, whose requests otelhttp makes spans of, and the SDK of OpenTelemetry, which exports
// them to where OTEL_EXPORTER_OTLP_ENDPOINT says.
//
//	go build -o traced .
//	DOCKER_HOST=unix:///… OTEL_EXPORTER_OTLP_ENDPOINT=http://… traced IMAGE COMMAND…
//
// It runs the command in a container of the image, writes what that says, and looks for a
// container that there is not. All of it is one trace, below a span "traced".
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/trace"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: traced IMAGE COMMAND...")
		os.Exit(2)
	}
	if err := traced(context.Background(), os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "traced:", err)
		os.Exit(1)
	}
}

// traced runs a command in a container, with spans.
func traced(ctx context.Context, image string, command []string) (err error) {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return err
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter))
	defer func() { err = errors.Join(err, provider.Shutdown(ctx)) }()
	otel.SetTracerProvider(provider)
	otel.SetTextMapPropagator(propagation.TraceContext{})

	docker, err := client.New(client.FromEnv)
	if err != nil {
		return err
	}
	defer docker.Close()
	ctx, span := otel.Tracer("traced").Start(ctx, "traced")
	defer span.End()
	if err := run(ctx, docker, image, command); err != nil {
		return err
	}
	if _, err := docker.ContainerInspect(ctx, "no-such-container", client.ContainerInspectOptions{}); err == nil {
		return errors.New("no-such-container is there")
	}
	return nil
}

// run runs a command in a container, which is removed then.
func run(ctx context.Context, docker *client.Client, image string, command []string) error {
	created, err := docker.ContainerCreate(ctx, client.ContainerCreateOptions{
		Config:     &container.Config{Image: image, Cmd: command, AttachStdout: true, AttachStderr: true},
		HostConfig: &container.HostConfig{NetworkMode: "none"},
	})
	if err != nil {
		return err
	}
	defer docker.ContainerRemove(context.WithoutCancel(ctx), created.ID, client.ContainerRemoveOptions{Force: true})
	attached, err := docker.ContainerAttach(ctx, created.ID, client.ContainerAttachOptions{Stream: true, Stdout: true, Stderr: true})
	if err != nil {
		return err
	}
	defer attached.Close()
	exited := docker.ContainerWait(ctx, created.ID, client.ContainerWaitOptions{Condition: container.WaitConditionNextExit})
	if _, err := docker.ContainerStart(ctx, created.ID, client.ContainerStartOptions{}); err != nil {
		return err
	}
	if _, err := stdcopy.StdCopy(os.Stdout, os.Stderr, attached.Reader); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	select {
	case err := <-exited.Error:
		return err
	case end := <-exited.Result:
		if end.StatusCode != 0 {
			return fmt.Errorf("%q ended with %d", command, end.StatusCode)
		}
	}
	return nil
}
