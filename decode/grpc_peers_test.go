package decode_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// clientCall is a call of gRPC as its client sees it. What has ended it is an error with
// a status, or io.EOF if that is OK.
type clientCall interface {
	send([]byte) error
	closeSend()
	receive() ([]byte, error)
}

// serverCall is a call as its server sees it.
type serverCall interface {
	context() context.Context
	send([]byte) error
	receive() ([]byte, error) // io.EOF where the client has closed its side
	header(name, value string)
	trailer(name, value string)
}

// grpcClient makes calls: grpc-go, or net/http with frames made by hand.
type grpcClient interface {
	call(ctx context.Context, method string, zip bool, head map[string]string) (clientCall, error)
	close()
}

// grpcServer answers calls.
type grpcServer interface {
	serve(net.Listener)
	retire() // says that it takes no more calls, and waits for those that are open
	close()
}

// handle answers a call, which has this value in the field x-call.
type handle func(name string, c serverCall) error

// mostReceived is how long the messages of tests may be.
const mostReceived = 32 << 20

// bytesCodec has messages of grpc-go be bytes, but for those of generated code.
type bytesCodec struct{}

func (bytesCodec) Name() string { return "proto" }

func (bytesCodec) Marshal(v any) ([]byte, error) {
	switch v := v.(type) {
	case []byte:
		return v, nil
	case proto.Message:
		return proto.Marshal(v)
	}
	return nil, fmt.Errorf("%T is no message", v)
}

func (bytesCodec) Unmarshal(b []byte, v any) error {
	switch v := v.(type) {
	case *[]byte:
		*v = append([]byte{}, b...)
		return nil
	case proto.Message:
		return proto.Unmarshal(b, v)
	}
	return fmt.Errorf("%T is no message", v)
}

// goClient is a client of grpc-go.
type goClient struct{ conn *grpc.ClientConn }

func newGoClient(t testing.TB, address string) grpcClient {
	t.Helper()
	conn, err := grpc.NewClient("passthrough:///"+address, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(bytesCodec{}), grpc.MaxCallRecvMsgSize(mostReceived)))
	if err != nil {
		t.Fatal(err)
	}
	return goClient{conn}
}

func (c goClient) close() { c.conn.Close() }

func (c goClient) call(ctx context.Context, method string, zip bool, head map[string]string) (clientCall, error) {
	var options []grpc.CallOption
	if zip {
		options = append(options, grpc.UseCompressor(gzip.Name))
	}
	s, err := c.conn.NewStream(metadata.NewOutgoingContext(ctx, metadata.New(head)), &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, method, options...)
	return goClientCall{s}, err
}

type goClientCall struct{ grpc.ClientStream }

func (c goClientCall) send(b []byte) error { return c.SendMsg(b) }
func (c goClientCall) closeSend()          { _ = c.CloseSend() }
func (c goClientCall) receive() (b []byte, err error) {
	err = c.RecvMsg(&b)
	return b, err
}

// goServer is a server of grpc-go. It has the service that grpc-go generates, and all
// others by their messages.
type goServer struct{ *grpc.Server }

func newGoServer(h handle, streams uint32) grpcServer {
	s := grpc.NewServer(grpc.ForceServerCodec(bytesCodec{}), grpc.MaxRecvMsgSize(mostReceived), grpc.MaxConcurrentStreams(streams),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 1, PermitWithoutStream: true}),
		grpc.UnknownServiceHandler(func(_ any, s grpc.ServerStream) error {
			md, _ := metadata.FromIncomingContext(s.Context())
			return h(md.Get("x-call")[0], goServerCall{s})
		}))
	healthpb.RegisterHealthServer(s, health.NewServer())
	return goServer{s}
}

func (s goServer) serve(l net.Listener) { _ = s.Serve(l) }
func (s goServer) retire()              { s.GracefulStop() }
func (s goServer) close()               { s.Stop() }

type goServerCall struct{ grpc.ServerStream }

func (c goServerCall) context() context.Context { return c.Context() }
func (c goServerCall) send(b []byte) error      { return c.SendMsg(b) }
func (c goServerCall) header(name, value string) {
	_ = c.SetHeader(metadata.Pairs(name, value))
}
func (c goServerCall) trailer(name, value string) { c.SetTrailer(metadata.Pairs(name, value)) }
func (c goServerCall) receive() (b []byte, err error) {
	err = c.RecvMsg(&b)
	return b, err
}

// ended returns the code and the message with which a call has ended for its client.
func ended(err error) (string, string) {
	if err == io.EOF {
		return codes.OK.String(), ""
	}
	s := status.Convert(err)
	return s.Code().String(), s.Message()
}

// statusBytes returns what the field grpc-status-details-bin has.
func statusBytes(s *status.Status) []byte {
	b, err := proto.Marshal(s.Proto())
	if err != nil {
		panic(err)
	}
	return b
}

// statusOf returns the error that b, such a field, tells.
func statusOf(b []byte) error {
	s := status.New(codes.OK, "").Proto()
	if err := proto.Unmarshal(b, s); err != nil {
		return err
	}
	return status.ErrorProto(s)
}
