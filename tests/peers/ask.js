// Asks the peers about each question of standard input (one JSON object a line), and answers a line for each.
'use strict';

const readline = require('node:readline');
const utils = require('@brazilian-utils/brazilian-utils');
const boletos = require('@mrmgomes/boleto-utils');

const day = (date) => (date ? [date.getFullYear(), date.getMonth() + 1, date.getDate()] : null);

function utilsOnGuide({ code, line, today }) {
  const referenceDate = new Date(today[0], today[1] - 1, today[2]);
  const info = utils.getBoletoInfo(line, { referenceDate });
  return {
    codeValid: code.startsWith('8') ? utils.isValidBoleto(code) : null,
    lineValid: utils.isValidBoleto(line),
    cents: info ? info.amount : null,
    due: info ? day(info.expirationDate) : null,
    bank: info ? info.bankCode : null,
    segment: info && info.segment !== undefined ? info.segment : null,
    reais: info && info.hasEffectiveValue !== undefined ? info.hasEffectiveValue : null,
  };
}

// This peer throws at a value id that does not exist.
function said(reading) {
  try {
    return reading();
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function boletosOnGuide({ code, line }) {
  return {
    codeValid: said(() => boletos.validarBoleto(code).sucesso),
    lineValid: said(() => boletos.validarBoleto(line).sucesso),
    line: said(() => boletos.codBarras2LinhaDigitavel(code, false)),
    code: said(() => boletos.linhaDigitavel2CodBarras(line)),
    firstEpoch: day(boletos.identificarData(code, 'CODIGO_DE_BARRAS')),
    secondEpoch: day(boletos.identificarDataComNovoFator2025(code, 'CODIGO_DE_BARRAS')),
  };
}

function answer(question) {
  if (question.kind === 'guide') {
    return { utils: utilsOnGuide(question), boletos: boletosOnGuide(question) };
  }
  return {
    read: utils.getPixPayloadInfo(question.payload),
    made: question.params ? utils.generatePixPayload(question.params) : null,
  };
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
});
