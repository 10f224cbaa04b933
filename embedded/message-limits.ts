/** Inputs can hold whole files: the SDK's own limit instead of gRPC's 4 MiB. */
export const MESSAGE_LIMITS = {
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": 400 * 1024 * 1024,
};
