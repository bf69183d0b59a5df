//! PolkaVM's own tools, for files to go from theirs to ours and from ours to theirs.
//!
//!     polkavm-tools link latest|jam-v1 ELF OUT     what its linker makes of an ELF
//!     polkavm-tools recode FILE OUT                the code of a JAM v1 program in the "latest" instruction set: each
//!                                                  instruction where it was, `fallthrough` in between
//!     polkavm-tools run FILE                       what its interpreter makes of a program: runs `main`, prints its text
//!                                                  and then, on a line, the result

use polkavm::{BackendKind, Caller, Config, Engine, Linker, Module, ModuleConfig, ProgramBlob};
use polkavm_common::program::{ISA_Latest64, Instruction, MAX_INSTRUCTION_LENGTH};
use polkavm_linker::{program_from_elf, TargetInstructionSet};
use std::error::Error;
use std::io::Write;

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["link", "latest", elf, out] => link(TargetInstructionSet::Latest, elf, out),
        ["link", "jam-v1", elf, out] => link(TargetInstructionSet::JamV1, elf, out),
        ["recode", file, out] => recode(file, out),
        ["run", file] => run(file),
        _ => Err("usage: polkavm-tools link latest|jam-v1 ELF OUT | recode FILE OUT | run FILE".into()),
    }
}

fn link(set: TargetInstructionSet, elf: &str, out: &str) -> Result<(), Failure> {
    let mut config = polkavm_linker::Config::default();
    config.set_strip(true);
    let program = program_from_elf(config, set, &std::fs::read(elf)?)?;
    Ok(std::fs::write(out, program)?)
}

fn recode(file: &str, out: &str) -> Result<(), Failure> {
    let blob = ProgramBlob::parse(std::fs::read(file)?.into())?;
    let mut code = vec![1; blob.code().len()];
    for instruction in blob.instructions() {
        if matches!(instruction.kind, Instruction::fallthrough) {
            continue;
        }
        let start = instruction.offset.0;
        let mut bytes = [0; MAX_INSTRUCTION_LENGTH];
        let length = plain(instruction.kind).serialize_into(ISA_Latest64, start, &mut bytes);
        // Behind the last byte comes a trap that the file does not have.
        if let Some(place) = code.get_mut(start as usize..start as usize + length) {
            place.copy_from_slice(&bytes[..length]);
        }
    }
    Ok(std::fs::write(out, code)?)
}

/// The instruction without what shares a byte with its register. It is kept when code is read, and would be written again.
fn plain(instruction: Instruction) -> Instruction {
    macro_rules! plain {
        ($($name:ident)+) => {
            match instruction {
                $(Instruction::$name(register, x, y) => Instruction::$name(register.get().into(), x, y),)+
                other => other,
            }
        };
    }
    plain! {
        load_imm_and_jump
        branch_eq_imm branch_not_eq_imm
        branch_less_unsigned_imm branch_less_or_equal_unsigned_imm
        branch_greater_unsigned_imm branch_greater_or_equal_unsigned_imm
        branch_less_signed_imm branch_less_or_equal_signed_imm
        branch_greater_signed_imm branch_greater_or_equal_signed_imm
        store_imm_indirect_u8 store_imm_indirect_u16 store_imm_indirect_u32 store_imm_indirect_u64
    }
}

fn run(file: &str) -> Result<(), Failure> {
    let mut config = Config::new();
    config.set_backend(Some(BackendKind::Interpreter));
    let engine = Engine::new(&config)?;
    let blob = ProgramBlob::parse(std::fs::read(file)?.into())?;
    let module = Module::from_blob(&engine, &ModuleConfig::new(), blob)?;
    let mut linker: Linker = Linker::new();
    linker.define_typed("scotty_write", |caller: Caller<()>, text: u32, length: u32| -> u64 {
        let bytes = caller.instance.read_memory(text, length).expect("readable text");
        std::io::stdout().write_all(&bytes).expect("standard output");
        0
    })?;
    let mut instance = linker.instantiate_pre(&module)?.instantiate()?;
    let result = instance
        .call_typed_and_get_result::<u64, ()>(&mut (), "main", ())
        .map_err(|error| format!("main: {error:?}"))?;
    println!("result {}", result as i32);
    Ok(())
}
