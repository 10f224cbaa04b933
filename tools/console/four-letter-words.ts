/** ZooKeeper's commands of four letters (ZooKeeper, Administrator's Guide): one word, one answer, and the connection ends. */
import * as net from "node:net";

/** @throws Error when there is no answer in time */
export function answerOf(address: string, word: string, milliseconds: number): Promise<string> {
  const [host = "", port] = address.split(":");
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port: Number(port), timeout: milliseconds }, () => socket.write(word));
    let said = "";
    socket.setEncoding("utf8");
    socket.on("data", (text) => {
      said += text;
    });
    socket.once("timeout", () => socket.destroy(new Error(`no answer within ${milliseconds / 1000} s`)));
    socket.once("error", reject);
    socket.once("end", () => resolve(said.trim()));
  });
}
