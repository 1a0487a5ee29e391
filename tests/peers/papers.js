// What other people's programs send for a receipt, and what their own previews show of it; one JSON object.
'use strict';

const receiptline = require('receiptline');
const Encoder = require('@point-of-sale/receipt-printer-encoder');
const { Printer, InMemory, Align, Style } = require('escpos-buffer');

const LINK = 'https://vilaaurora.example/p/7K2M';
const DIGITS = '81770000000010936599704113107970';
const MARKDOWN = [
  '{width:*}', '^^^VILA AURORA', '', 'Secretaria da Fazenda | Totem 17', '---', 'Valor | "412,80"', '"Forte" | plain',
  '`invertido`', `{code:${LINK}; option:qrcode,5,M}`, `{code:${DIGITS}; option:itf,2,72,nohri}`, 'fim', '',
].join('\n');

function ofReceiptline() {
  const printer = { cpl: 48, encoding: 'cp858', cutting: true, spacing: false };
  return {
    stream: Buffer.from(receiptline.transform(MARKDOWN, { ...printer, command: 'escpos' }), 'binary').toString('base64'),
    svg: receiptline.transform(MARKDOWN, { ...printer, command: 'svg' }).replace(/receipt-[0-9a-f-]{36}/g, 'receipt'),
  };
}

function ofEncoder() {
  const Made = Encoder.default || Encoder;
  const stream = new Made({ language: 'esc-pos', columns: 48, codepageMapping: 'epson' })
    .initialize().codepage('cp858').align('center').bold(true).width(2).height(2).line('Vila Aurora')
    .width(1).height(1).bold(false).align('left').line('Ação é São').rule()
    .table([{ width: 20, align: 'left' }, { width: 20, align: 'right' }], [['Valor', '412,80']])
    .qrcode(LINK, { model: 2, size: 5, errorlevel: 'm' }).barcode('12345678', 'itf', { height: 80, width: 2 })
    .cut('partial').encode();
  return { stream: Buffer.from(stream).toString('base64') };
}

async function ofBuffer() {
  const connection = new InMemory();
  const printer = await Printer.CONNECT('TM-T20', connection);
  await printer.writeln('Vila Aurora', Style.Bold | Style.DoubleWidth | Style.DoubleHeight, Align.Center);
  await printer.writeln('Ação é São');
  await printer.qrcode(LINK, 5);
  await printer.feed(3);
  await printer.cutter();
  return { stream: connection.buffer().toString('base64') };
}

(async () => {
  const papers = { receiptline: ofReceiptline(), encoder: ofEncoder(), buffer: await ofBuffer() };
  process.stdout.write(`${JSON.stringify(papers, null, 1)}\n`);
})();
